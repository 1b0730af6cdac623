import { findFlowsNamed } from "#drizzle/queries/flow-finding.ts";
import type { FoundFlowsDto } from "#server/contract/sagas.ts";
import { CORRELATIONS } from "#server/domain/sagas/correlate.ts";
import type { Context } from "#server/platform/context.ts";

const MOST_FLOWS = 5;

/** The flows that a text names exactly, sagas or not: by what their events share, or by what they are about. */
export async function findFlows({ sql }: Pick<Context, "sql">, text: string): Promise<FoundFlowsDto> {
  const rows = await findFlowsNamed(sql, { text, limit: MOST_FLOWS });
  return {
    flows: rows.map(({ kind, value }) => ({
      by: CORRELATIONS[kind] ?? "correlation-id",
      value,
      subject: null,
    })),
  };
}
