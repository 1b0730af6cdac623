import { listScenarioRows } from "#drizzle/queries/scenarios.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { playPreset, removeFault } from "./change-fault.ts";
import { commonPresets, comparedScenarios } from "./compare-orders.ts";
import type { SamplePreset, Scenario } from "./scenario.ts";
import { setRate, startScenario, stopScenario } from "./start-scenario.ts";

/** Switches on all systems that take orders, each at this rate, also those that run. Throws `invalid` beyond what one of them takes. */
export async function startComparison(ctx: Context, rate: number): Promise<void> {
  const scenarios = comparedScenarios();
  const most = Math.min(...scenarios.map(({ maxRate }) => maxRate));
  if (rate > most) {
    throw new AppError("invalid", `All of them together take up to ${most} a second. Choose a lower rate.`);
  }
  for (const { name } of scenarios) await setRate(ctx, name, rate);
  for (const { name } of scenarios) await startScenario(ctx, name);
}

export async function stopComparison(ctx: Context): Promise<void> {
  for (const { name } of comparedScenarios()) await stopScenario(ctx, name);
}

/** Tells the same story in all of them. Throws `not-found`, or `conflict` while one of them is off: then in none. */
export async function playInComparison(ctx: Context, preset: string): Promise<void> {
  const scenarios = comparedScenarios();
  getCommonPreset(scenarios, preset);
  const running = (await listScenarioRows(ctx.sql)).filter((row) => row.running_since !== null);
  const isOff = ({ name }: Scenario) => !running.some((row) => row.name === name);
  const off = scenarios.filter(isOff).map(({ name }) => name);
  if (off.length > 0) {
    throw new AppError(
      "conflict",
      `${off.join(", ")} is off, so nothing can be compared. Start all of them.`,
    );
  }
  for (const { name } of scenarios) await playPreset(ctx, name, preset);
}

/** Ends a story in all of them; the same twice changes nothing. Throws `not-found`. */
export async function endInComparison(ctx: Context, preset: string): Promise<void> {
  const scenarios = comparedScenarios();
  getCommonPreset(scenarios, preset);
  for (const { name, presets } of scenarios) {
    const told = presets.find((one) => one.name === preset);
    if (told !== undefined) await removeFault(ctx, name, told.service);
  }
}

function getCommonPreset(scenarios: readonly Scenario[], name: string): SamplePreset {
  const known = commonPresets(scenarios);
  const found = known.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = known.map((one) => one.name).join(", ");
  throw new AppError("not-found", `The systems have no preset ${name} in common. They have ${names}.`);
}
