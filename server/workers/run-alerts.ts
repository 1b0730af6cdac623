import { randomUUID } from "node:crypto";
import { dropOldTests } from "#drizzle/queries/alert-notices.ts";
import { dropOldAlerts } from "#drizzle/queries/alerts.ts";
import type { Context } from "#server/platform/context.ts";
import { deliverNoticesOnce } from "../alerts/deliver-notices.ts";
import { evaluateRulesOnce, stopEvaluating } from "../alerts/evaluate-rules.ts";
import { openMetrics } from "../alerts/read-metrics.ts";
import { createSendNotice } from "../alerts/send-notice.ts";
import { runEvery } from "./run-every.ts";

const EVALUATE_EVERY_MS = 1_000;
const DELIVER_EVERY_MS = 500;
const DROP_EVERY_MS = 60 * 60_000;
const DAY_MS = 86_400_000;

/** Looks at the rules for alerts, tells people, and forgets what is long over, until `signal` aborts. */
export async function runAlerts(ctx: Context, signal: AbortSignal): Promise<void> {
  const { log } = ctx;
  const delivering = { ...ctx, random: Math.random, send: createSendNotice(ctx.env, ctx) };
  const evaluating = { ...ctx, holder: randomUUID(), openMetrics: () => openMetrics(ctx) };
  await Promise.all([
    runEvery({ name: "alert-rules", pauseMs: EVALUATE_EVERY_MS, signal, log }, () =>
      evaluateRulesOnce(evaluating),
    )
      .then(() => stopEvaluating(evaluating))
      // Without the database, the lease runs out by itself.
      .catch((error: unknown) => log.debug({ err: error }, "alert-rules.not-handed-over")),
    runEvery({ name: "alert-notices", pauseMs: DELIVER_EVERY_MS, signal, log }, () =>
      deliverNoticesOnce(delivering),
    ),
    runEvery({ name: "old-alerts", pauseMs: DROP_EVERY_MS, signal, log }, async () => {
      await dropOld(ctx);
      return false;
    }),
  ]);
}

/** As long as events are kept, so are alerts about them. */
async function dropOld({ sql, clock, env, log }: Context): Promise<void> {
  const before = new Date(clock.now().getTime() - env.retentionDays * DAY_MS).toISOString();
  const alerts = await dropOldAlerts(sql, before);
  await dropOldTests(sql, before);
  if (alerts > 0) log.info({ alerts }, "alerts.dropped");
}
