import { findNameId } from "#drizzle/queries/interned-names.ts";
import {
  getJudgedPosition,
  listViolations as listRows,
  type ViolationRow,
} from "#drizzle/queries/schema-violations.ts";
import type { ViolationDto } from "#server/contract/event-schema.ts";
import type { ViolationPageDto } from "#server/contract/schemas.ts";
import { recordedAt } from "#server/domain/instant.ts";
import type { Context } from "#server/platform/context.ts";

const END = "9223372036854775807";

/** The events of a type that violate its schemas, newest first. A type that was never heard of has none. */
export async function listViolations(
  { sql, names }: Context,
  type: string,
  { before = END, limit }: { before: string | undefined; limit: number },
): Promise<ViolationPageDto> {
  const judgedTo = await getJudgedPosition(sql);
  const typeId = await findNameId(sql, "type", type);
  const rows = typeId === null ? [] : await listRows(sql, { typeId, before, limit });
  const nameOf = await names.resolve(rows.map((row) => row.source_id));
  return {
    violations: rows.map((row) => ({
      ...toViolation(row),
      position: row.position,
      recordedAt: recordedAt(row.position),
      id: row.id,
      source: nameOf(row.source_id),
    })),
    nextBefore: rows.length === limit ? (rows.at(-1)?.position ?? null) : null,
    judgedTo,
  };
}

export function toViolation(row: ViolationRow): ViolationDto {
  const { version, judged_by: judgedBy, problems, problem_count: problemCount } = row;
  return { version, judgedBy, problems, problemCount };
}
