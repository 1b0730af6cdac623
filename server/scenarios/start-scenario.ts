import {
  deleteFaults,
  lockScenario,
  setScenarioRate,
  setScenarioRunning,
} from "#drizzle/queries/scenarios.ts";
import type { ScenarioDto } from "#server/contract/scenarios.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { getScenarioDto } from "./list-scenarios.ts";
import { recordChange } from "./record-change.ts";
import { getScenario } from "./registry.ts";
import { registerSchemas } from "./sample-schemas.ts";
import { subscribeScenario, unsubscribeScenario } from "./subscribe-scenario.ts";

/**
 * Switches a sample system on, and keeps it on over restarts. The same twice changes nothing. Throws `not-found`, or
 * `conflict` where somebody has registered other schemas than those that it needs.
 */
export async function startScenario(ctx: Context, name: string): Promise<ScenarioDto> {
  const scenario = getScenario(name);
  const { optional_services } = await ctx.sql.begin((tx) => lockScenario(tx, name, scenario.rate));
  await registerSchemas(ctx, scenario);
  // Whoever listens is there before the first event.
  await subscribeScenario(ctx, scenario, optional_services);
  await ctx.sql.begin(async (tx) => {
    const { running_since, rate } = await lockScenario(tx, name, scenario.rate);
    if (running_since !== null) return;
    await setScenarioRunning(tx, name, ctx.clock.now().toISOString());
    await recordChange(tx, ctx, { action: "scenario.started", subject: name, details: { rate } });
  });
  return getScenarioDto(ctx, name);
}

/**
 * Switches a sample system off: its traffic, its consumers and what was made to go wrong. Its data stays. Orders that
 * are under way are left where they are. Throws `not-found`.
 */
export async function stopScenario(ctx: Context, name: string): Promise<ScenarioDto> {
  const scenario = getScenario(name);
  await ctx.sql.begin(async (tx) => {
    const { running_since, produced } = await lockScenario(tx, name, scenario.rate);
    await deleteFaults(tx, name);
    if (running_since === null) return;
    await setScenarioRunning(tx, name, null);
    await recordChange(tx, ctx, { action: "scenario.stopped", subject: name, details: { produced } });
  });
  await unsubscribeScenario(ctx, scenario);
  return getScenarioDto(ctx, name);
}

/** Sets how much traffic comes in, also while it runs. Throws `not-found`, or `invalid` beyond what the system takes. */
export async function setRate(ctx: Context, name: string, rate: number): Promise<ScenarioDto> {
  const scenario = getScenario(name);
  if (rate > scenario.maxRate) {
    throw new AppError("invalid", `${name} takes up to ${scenario.maxRate} a second. Choose a lower rate.`);
  }
  await ctx.sql.begin(async (tx) => {
    const before = await lockScenario(tx, name, scenario.rate);
    if (before.rate === rate) return;
    await setScenarioRate(tx, name, rate);
    const details = { from: before.rate, to: rate };
    await recordChange(tx, ctx, { action: "scenario.rate-changed", subject: name, details });
  });
  return getScenarioDto(ctx, name);
}
