import type { DestinationKind, NoticeStatus } from "#server/domain/alerts/alert.ts";
import type { NoticeFailure } from "#server/domain/alerts/notice-failure.ts";
import type { Sql, SqlTx } from "../db.ts";

export type DestinationRow = {
  id: number;
  kind: DestinationKind;
  name: string;
  config: unknown;
  updated_at: string;
  /** Rules that send to it. */
  rules: number;
  last_at: string | null;
  last_status: NoticeStatus | null;
  last_error: string | null;
  last_failure: NoticeFailure | null;
  last_detail: string | null;
  last_code: number | null;
};

/** All destinations, by name, with what became of the last message to each. */
export async function listDestinationRows(sql: Sql | SqlTx): Promise<DestinationRow[]> {
  return sql<
    DestinationRow[]
  >`select ${columns(sql)} where d.deleted_at is null order by lower(d.name), d.id`;
}

export async function findDestination(sql: Sql | SqlTx, id: number): Promise<DestinationRow | null> {
  const [row] = await sql<
    DestinationRow[]
  >`select ${columns(sql)} where d.id = ${id} and d.deleted_at is null`;
  return row ?? null;
}

/** Which of these there are not. */
export async function listMissingDestinations(tx: SqlTx, ids: readonly number[]): Promise<number[]> {
  const rows = await tx<{ id: number }[]>`
    select given.id from unnest(${[...ids]}::int[]) as given (id)
    where not exists (select from alert_destinations d where d.id = given.id and d.deleted_at is null)`;
  return rows.map(({ id }) => id);
}

type Values = { kind: DestinationKind; name: string; config: unknown; at: string };

export async function insertDestination(tx: SqlTx, { kind, name, config, at }: Values): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into alert_destinations (kind, name, config, updated_at)
    values (${kind}, ${name}, ${JSON.stringify(config)}::jsonb, ${at}::timestamptz) returning id`;
  if (!row) throw new Error("An insert gave no row back.");
  return row.id;
}

export async function updateDestination(
  tx: SqlTx,
  id: number,
  { kind, name, config, at }: Values,
): Promise<void> {
  await tx`
    update alert_destinations set kind = ${kind}, name = ${name}, config = ${JSON.stringify(config)}::jsonb,
      updated_at = ${at}::timestamptz
    where id = ${id}`;
}

/** Forgets where a destination was; its name stays with what was sent to it. */
export async function deleteDestination(tx: SqlTx, id: number, at: string): Promise<void> {
  await tx`update alert_destinations set config = '{}', deleted_at = ${at}::timestamptz where id = ${id}`;
}

function columns(sql: Sql | SqlTx): ReturnType<Sql> {
  return sql`
    d.id, d.kind, d.name, d.config, d.updated_at,
    (select count(*)::int from alert_rules r where d.id = any(r.destinations)) as rules,
    coalesce(last.attempts -> -1 ->> 'at', last.created_at::text) as last_at, last.status as last_status,
    last.attempts -> -1 ->> 'error' as last_error, last.attempts -> -1 ->> 'failure' as last_failure,
    last.attempts -> -1 ->> 'detail' as last_detail, (last.attempts -> -1 ->> 'code')::int as last_code
    from alert_destinations d
    left join lateral (
      select n.created_at, n.status, n.attempts from alert_notices n
      where n.destination_id = d.id and n.status <> 'muted' order by n.id desc limit 1) last on true`;
}
