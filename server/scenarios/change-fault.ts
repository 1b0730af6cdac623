import { deleteFault, lockScenario, upsertFault } from "#drizzle/queries/scenarios.ts";
import type { FaultInput, ScenarioDto } from "#server/contract/scenarios.ts";
import { choicesIn, NO_FAULT } from "#server/domain/fault-injection.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { getScenarioDto } from "./list-scenarios.ts";
import { getPart } from "./parts.ts";
import { recordChange } from "./record-change.ts";
import { getScenario } from "./registry.ts";
import { qualifiedName, type Scenario } from "./scenario.ts";

/**
 * Makes something go wrong for one part of a sample system, in place of what was wrong before. Throws `not-found`,
 * `invalid` for what can't go wrong there, or `conflict` while the system is off.
 */
export async function injectFault(
  ctx: Context,
  name: string,
  { service, fault }: { service: string; fault: FaultInput },
): Promise<ScenarioDto> {
  const scenario = getScenario(name);
  const { faults } = getPart(scenario, service);
  const { seconds, ...rest } = fault;
  const foreign = choicesIn(rest).filter((choice) => !faults.includes(choice));
  if (foreign.length > 0) {
    throw new AppError(
      "invalid",
      `${foreign.join(", ")} can't go wrong for ${service}. Choose of ${faults.join(", ")}.`,
    );
  }
  await inject(ctx, scenario, { service, fault: rest, seconds, preset: null });
  return getScenarioDto(ctx, name);
}

/** Tells one of a system's stories; it ends by itself. Throws `not-found`, or `conflict` while the system is off. */
export async function playPreset(ctx: Context, name: string, presetName: string): Promise<ScenarioDto> {
  const scenario = getScenario(name);
  const preset = scenario.presets.find((one) => one.name === presetName);
  if (preset === undefined) {
    const known = scenario.presets.map((one) => one.name).join(", ");
    throw new AppError("not-found", `${name} has no preset ${presetName}. It has ${known}.`);
  }
  const { service, seconds } = preset;
  await inject(ctx, scenario, {
    service,
    seconds,
    fault: { ...NO_FAULT, ...preset.fault },
    preset: presetName,
  });
  return getScenarioDto(ctx, name);
}

/** Lets a consumer be well again. The same twice changes nothing. Throws `not-found`. */
export async function removeFault(ctx: Context, name: string, service: string): Promise<ScenarioDto> {
  const scenario = getScenario(name);
  getPart(scenario, service);
  await ctx.sql.begin(async (tx) => {
    if (!(await deleteFault(tx, name, service))) return;
    await recordChange(tx, ctx, { action: "fault.removed", subject: qualifiedName(name, service) });
  });
  return getScenarioDto(ctx, name);
}

async function inject(
  ctx: Context,
  { name, rate }: Scenario,
  wanted: { service: string; fault: object; seconds: number | null; preset: string | null },
): Promise<void> {
  const { service, fault, seconds, preset } = wanted;
  const now = ctx.clock.now().getTime();
  const endsAt = seconds === null ? null : new Date(now + seconds * 1_000).toISOString();
  await ctx.sql.begin(async (tx) => {
    const { running_since } = await lockScenario(tx, name, rate);
    if (running_since === null) {
      throw new AppError("conflict", `${name} is off, so nothing can go wrong in it. Start it first.`);
    }
    await upsertFault(tx, { scenario: name, service, fault, preset, endsAt });
    const subject = qualifiedName(name, service);
    await recordChange(tx, ctx, { action: "fault.injected", subject, details: { fault, preset, endsAt } });
  });
}
