import { listFailingPayloads, listSucceedingPayloads } from "#drizzle/queries/case-payloads.ts";
import { findCase } from "#drizzle/queries/case-reading.ts";
import type { CaseFieldsDto } from "#server/contract/failure-cases.ts";
import type { Context } from "#server/platform/context.ts";
import { compareFields } from "./compare-fields.ts";
import { noCase } from "./get-case.ts";

const FAILING = { limit: 1_000, maxBytes: 1_000_000 };
const SUCCEEDING = { limit: 9_000, maxBytes: 5_000_000 };
/** Newest events of the type among which those are looked for that the consumer handled. */
const LOOKED_AT = 20_000;

/** What the payloads of a case have in common, and those of the type that its consumer handled don't. Throws `not-found`. */
export async function getCaseFields({ sql, clock }: Context, id: number): Promise<CaseFieldsDto> {
  const row = await findCase(sql, id, { now: clock.now().toISOString() });
  if (row === null) throw noCase(id);
  const { type_id: typeId, consumer } = row;
  const [failing, succeeding] = await Promise.all([
    listFailingPayloads(sql, id, FAILING),
    listSucceedingPayloads(sql, { typeId, consumer, lookedAt: LOOKED_AT }, SUCCEEDING),
  ]);
  return compareFields({ failing, succeeding });
}
