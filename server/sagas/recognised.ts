import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { findNextPosition } from "#drizzle/queries/saga-reading.ts";
import { findSagaPosition } from "#drizzle/queries/saga-recognising.ts";
import type { SagaPageDto } from "#server/contract/sagas.ts";
import { recordedAt } from "#server/domain/instant.ts";
import type { Context } from "#server/platform/context.ts";
import { freshness } from "../events/as-of.ts";

/** How old an answer about sagas is that is read from now on. */
export async function getRecognised(ctx: Context): Promise<Pick<SagaPageDto, "recognised" | "asOf">> {
  const after = (await findSagaPosition(ctx.sql)) ?? "0";
  const safe = await getSafePosition(ctx.sql);
  const next = await findNextPosition(ctx.sql, { after, upTo: safe });
  const nowMs = ctx.clock.now().getTime();
  const recognised =
    next === null
      ? { upTo: new Date(nowMs).toISOString(), behindMs: 0 }
      : { upTo: recordedAt(after), behindMs: Math.max(0, nowMs - Number(next) / 1000) };
  return { recognised, asOf: freshness(ctx, safe) };
}
