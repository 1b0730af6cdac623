import { listOpenSagasOf } from "#drizzle/queries/saga-reading.ts";
import type { SagaDto } from "#server/contract/sagas.ts";
import type { Context } from "#server/platform/context.ts";
import { nameSteps } from "./name-steps.ts";
import { toSagaDto } from "./saga-dto.ts";

const MAX_SAGAS = 50;

/** Sagas of a flow that have not ended, as far as they are recognised; those with the most harm first. */
export async function listOpenSagas(
  ctx: Pick<Context, "sql" | "processes">,
  correlationId: string,
): Promise<SagaDto[]> {
  const rows = await listOpenSagasOf(ctx.sql, correlationId, MAX_SAGAS);
  const nameStep = nameSteps(ctx);
  return rows.map((row) => toSagaDto(row, nameStep));
}
