import { listNewestOfTypes } from "#drizzle/queries/event-samples.ts";
import type { MeasuredDto } from "#server/contract/schemas.ts";
import { recordedAt } from "#server/domain/instant.ts";
import { versionOf } from "#server/domain/schemas/event-version.ts";
import type { TypeSchemas } from "#server/domain/schemas/type-schemas.ts";
import type { Context } from "#server/platform/context.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";

/** Enough to see one in a thousand, and read in a few tens of milliseconds. */
const EVENTS = 1_000;
const MAX_BYTES = 8 * 1024 * 1024;
const EXAMPLES = 5;

/** What schemas make of the newest events of a type, at most a thousand of them. */
export async function measureType(
  { sql, names }: Pick<Context, "sql" | "names">,
  typeId: number,
  schemas: TypeSchemas,
): Promise<MeasuredDto> {
  const rows = await listNewestOfTypes(sql, [typeId], { limit: EVENTS, maxBytes: MAX_BYTES });
  const nameOf = await names.resolve(rows.flatMap(envelopeNameIds));
  const examples: MeasuredDto["examples"] = [];
  let violating = 0;
  for (const row of rows) {
    const event = toEnvelope(row, nameOf);
    const judgement = schemas.judge(event);
    if (judgement.kind === "valid") continue;
    violating += 1;
    const [first] = judgement.problems;
    if (first && examples.length < EXAMPLES) {
      examples.push({ ...first, position: row.position, version: versionOf(event) });
    }
  }
  const [newest, oldest] = [rows[0], rows.at(-1)];
  return {
    events: rows.length,
    violating,
    from: oldest ? recordedAt(oldest.position) : null,
    to: newest ? recordedAt(newest.position) : null,
    examples,
  };
}
