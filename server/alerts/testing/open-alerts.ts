import type { AlertRuleInput } from "#server/contract/alerts.ts";
import { alertRuleInputSchema } from "#server/contract/alerts.ts";
import { createFixedClock } from "#server/platform/clock.ts";
import type { Context } from "#server/platform/context.ts";
import { evaluateRulesOnce } from "../evaluate-rules.ts";
import { createAlertRule } from "../rules.ts";
import { FakeMetrics } from "./fake-metrics.ts";

type RuleWish = Partial<(typeof alertRuleInputSchema)["_input"]>;

/** Rules over metrics that a test makes up, with a clock that it moves. */
export function openAlerts(given: Context) {
  const clock = createFixedClock("2026-03-01T12:00:00.000Z");
  const ctx: Context = { ...given, clock };
  const metrics = new FakeMetrics();
  let made = 0;
  return {
    ctx,
    clock,
    metrics,
    /** A rule for a rate of events above 5, unless a test wants another one. */
    makeRule: (wish: RuleWish = {}) => {
      made += 1;
      const input: AlertRuleInput = alertRuleInputSchema.parse({
        name: `Rule ${made}`,
        condition: { kind: "threshold", metric: "events", windowMs: 30_000, is: "above", value: 5 },
        ...wish,
      });
      return createAlertRule(ctx, input);
    },
    /** Looks at all rules, some time later. */
    look: async (afterMs = 10_000, holder = "one") => {
      clock.advance(afterMs);
      await evaluateRulesOnce({ ...ctx, holder, openMetrics: () => metrics });
    },
  };
}
