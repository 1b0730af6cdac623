import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { listEventsOfTypesAfter } from "#drizzle/queries/event-samples.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import {
  addSchemaCounts,
  claimJudgedPosition,
  insertViolations,
  moveJudgedPosition,
  type NewViolation,
  type SchemaCount,
} from "#drizzle/queries/schema-violations.ts";
import type { Context } from "#server/platform/context.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";

/** Hints that violations were marked. */
const VIOLATIONS_TOPIC = "schema-violations";
const CHUNK = 500;
const HOUR_US = 3_600_000_000;
/** Problems that are kept of one event. */
const MAX_PROBLEMS = 5;

/**
 * Judges one chunk of new events whose types have schemas, and marks those that violate them. Marks, counts and
 * checkpoint are written together, so that none is doubled or lost. Types without a schema are not read at all.
 *
 * @returns whether there is more to judge at once.
 */
export async function markViolationsOnce(ctx: Pick<Context, "sql" | "names" | "schemas">): Promise<boolean> {
  const { sql, names, schemas } = ctx;
  await schemas.reload();
  const types = schemas.list();
  if (types.length === 0) return false;
  const safe = await getSafePosition(sql);
  const earliest = types.reduce(
    (least, { since }) => (BigInt(since) < least ? BigInt(since) : least),
    BigInt(safe),
  );
  return sql.begin(async (tx) => {
    const claimed = await claimJudgedPosition(tx);
    if (claimed === null || BigInt(claimed) >= BigInt(safe)) return false;
    const after = BigInt(claimed) > earliest ? claimed : String(earliest);
    const typeIds = types.map(({ typeId }) => typeId);
    const { rows, isEnd } = await listEventsOfTypesAfter(tx, { typeIds, after, upTo: safe, limit: CHUNK });
    const nameOf = await names.resolve(rows.flatMap(envelopeNameIds), tx);
    const violations: NewViolation[] = [];
    const counts = new Map<string, SchemaCount>();
    for (const row of rows) {
      const event = toEnvelope(row, nameOf);
      const known = schemas.find(event.type);
      if (!known || BigInt(row.position) <= BigInt(known.since)) continue;
      const judgement = known.schemas.judge(event);
      const count = countOf(counts, row.position, row.type_id);
      count.judged += 1;
      if (judgement.kind === "valid") continue;
      count.violations += 1;
      const { version, judgedBy, problems } = judgement;
      violations.push({
        position: row.position,
        typeId: row.type_id,
        version,
        judgedBy,
        problems: problems.slice(0, MAX_PROBLEMS),
        problemCount: problems.length,
      });
    }
    if (violations.length > 0) {
      await insertViolations(tx, violations);
      await notifyTopic(tx, VIOLATIONS_TOPIC);
    }
    if (counts.size > 0) await addSchemaCounts(tx, [...counts.values()]);
    await moveJudgedPosition(tx, isEnd ? safe : (rows.at(-1)?.position ?? safe));
    return !isEnd;
  });
}

function countOf(counts: Map<string, SchemaCount>, position: string, typeId: number): SchemaCount {
  const hour = new Date(Math.floor(Number(position) / HOUR_US) * (HOUR_US / 1000)).toISOString();
  const key = `${hour}/${typeId}`;
  const count = counts.get(key) ?? { hour, typeId, judged: 0, violations: 0, refused: 0 };
  counts.set(key, count);
  return count;
}
