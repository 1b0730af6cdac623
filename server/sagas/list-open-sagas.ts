import { listOpenSagasOf } from "#drizzle/queries/saga-reading.ts";
import type { SagaDto } from "#server/contract/sagas.ts";
import type { Context } from "#server/platform/context.ts";
import { toSagaDto } from "./saga-dto.ts";

const MAX_SAGAS = 50;

/** Sagas of a flow that have not ended, as far as they are recognised; those with the most harm first. */
export async function listOpenSagas(
  { sql }: Pick<Context, "sql">,
  correlationId: string,
): Promise<SagaDto[]> {
  return (await listOpenSagasOf(sql, correlationId, MAX_SAGAS)).map(toSagaDto);
}
