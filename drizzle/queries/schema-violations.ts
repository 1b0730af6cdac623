import type { Sql, SqlTx } from "../db.ts";

const CHECKPOINT = "schema-violations";

/** Where the judging of the log stands, held for this transaction; null when another process judges right now. */
export async function claimJudgedPosition(tx: SqlTx): Promise<string | null> {
  await tx`insert into checkpoints (name, position) values (${CHECKPOINT}, 0) on conflict do nothing`;
  const [row] = await tx<{ position: string }[]>`
    select position from checkpoints where name = ${CHECKPOINT} for update skip locked`;
  return row?.position ?? null;
}

/** Events up to here are judged. */
export async function getJudgedPosition(sql: Sql): Promise<string> {
  const [row] = await sql<
    { position: string }[]
  >`select position from checkpoints where name = ${CHECKPOINT}`;
  return row?.position ?? "0";
}

export async function moveJudgedPosition(tx: SqlTx, position: string): Promise<void> {
  await tx`update checkpoints set position = ${position}, updated_at = now() where name = ${CHECKPOINT}`;
}

export type NewViolation = {
  position: string;
  typeId: number;
  version: string | null;
  judgedBy: string | null;
  problems: readonly { path: string; reason: string }[];
  problemCount: number;
};

export async function insertViolations(tx: SqlTx, violations: readonly NewViolation[]): Promise<void> {
  await tx`
    insert into schema_violations (position, type_id, version, judged_by, problems, problem_count)
    select position, "typeId", version, "judgedBy", problems, "problemCount"
    from jsonb_to_recordset(${JSON.stringify(violations)}::jsonb) as r (
      position bigint, "typeId" integer, version text, "judgedBy" text, problems jsonb, "problemCount" integer)
    on conflict do nothing`;
}

export type SchemaCount = {
  hour: string;
  typeId: number;
  judged: number;
  violations: number;
  refused: number;
};

export async function addSchemaCounts(sql: Sql | SqlTx, counts: readonly SchemaCount[]): Promise<void> {
  // In one order for everybody, so that two processes that count at once never deadlock.
  await sql`
    insert into schema_counts as old (hour, type_id, judged, violations, refused)
    select hour, "typeId", judged, violations, refused
    from jsonb_to_recordset(${JSON.stringify(counts)}::jsonb) as r (
      hour timestamptz, "typeId" integer, judged bigint, violations bigint, refused bigint)
    order by hour, "typeId"
    on conflict (hour, type_id) do update set judged = old.judged + excluded.judged,
      violations = old.violations + excluded.violations, refused = old.refused + excluded.refused`;
}

export type ViolationRow = {
  position: string;
  version: string | null;
  judged_by: string | null;
  problems: { path: string; reason: string }[];
  problem_count: number;
};

/** The violation of one event; null when it has none, or has not been judged. */
export async function findViolation(sql: Sql, position: string): Promise<ViolationRow | null> {
  const [row] = await sql<ViolationRow[]>`
    select position, version, judged_by, problems, problem_count from schema_violations
    where position = ${position}`;
  return row ?? null;
}

/** The violations of one type, newest first. Those whose event is gone are left out. */
export async function listViolations(
  sql: Sql,
  { typeId, before, limit }: { typeId: number; before: string; limit: number },
): Promise<(ViolationRow & { id: string; source_id: number })[]> {
  return sql`
    select v.position, version, judged_by, problems, problem_count, id, source_id
    from schema_violations v join events e on e.position = v.position
    where v.type_id = ${typeId} and v.position < ${before} order by v.position desc limit ${limit}`;
}
