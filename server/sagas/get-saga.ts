import { findSaga } from "#drizzle/queries/saga-reading.ts";
import type { SagaDto } from "#server/contract/sagas.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { nameSteps } from "./name-steps.ts";
import { toSagaDto } from "./saga-dto.ts";

/** One saga as the list shows it. Throws `not-found`. */
export async function getSaga(ctx: Pick<Context, "sql" | "processes">, id: string): Promise<SagaDto> {
  const row = await findSaga(ctx.sql, id);
  if (row === null) {
    throw new AppError("not-found", `There is no saga ${id}. It may be older than the retention time.`);
  }
  return toSagaDto(row, nameSteps(ctx));
}
