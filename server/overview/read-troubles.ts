import { listBrokenProjections, listStuckSagas } from "#drizzle/queries/overview-facts.ts";
import type { Context } from "#server/platform/context.ts";
import { listAlerts } from "../alerts/alerts.ts";
import { STATES_BY_HARM } from "../sagas/saga-numbers.ts";
import type { SeriesReader } from "./series-reader.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** Of problems of one kind. */
export const MAX_OF_A_KIND = 20;

export type Troubles = Awaited<ReturnType<typeof readTroubles>>;

/** What may be wrong beside consumers and sources. */
export async function readTroubles(ctx: Context, reader: SeriesReader) {
  const nowMs = ctx.clock.now().getTime();
  const window = { fromMs: nowMs - MINUTE_MS, toMs: nowMs, stepMs: 10 * SECOND_MS };
  const [lags, outbox, rejected, broken, stuck, alerts] = await Promise.all([
    reader.read({ metric: "projection_lag", stat: "last", by: "projection", ...window }),
    reader.read({ metric: "outbox_lag", stat: "last", ...window }),
    reader.read({ metric: "ingest_rejected", stat: "count", by: "reason", ...window }),
    listBrokenProjections(ctx.sql),
    listStuckSagas(ctx.sql, { stuckState: STATES_BY_HARM.indexOf("stuck"), limit: MAX_OF_A_KIND }),
    listAlerts(ctx, { state: ["firing", "flapping"], limit: MAX_OF_A_KIND }),
  ]);
  return { lags, outbox, rejected, broken, stuck, alerts };
}
