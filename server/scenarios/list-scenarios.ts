import {
  listFaults,
  listScenarioRows,
  type ScenarioFaultRow,
  type ScenarioRow,
} from "#drizzle/queries/scenarios.ts";
import { faultSchema, type ScenarioDto, type ScenarioListDto } from "#server/contract/scenarios.ts";
import { drawProcess } from "#server/domain/processes/graph.ts";
import type { Context } from "#server/platform/context.ts";
import { partsOf } from "./parts.ts";
import { getScenario, SCENARIOS } from "./registry.ts";
import { type Scenario, sourcePrefixOf } from "./scenario.ts";
import { drawScenario } from "./scenario-graph.ts";

/** Every sample system, also those that were never started, with what is wrong in it at the moment. */
export async function listScenarios({ sql, clock }: Context): Promise<ScenarioListDto> {
  const [rows, faults] = await Promise.all([
    listScenarioRows(sql),
    listFaults(sql, clock.now().toISOString()),
  ]);
  return {
    scenarios: SCENARIOS.map((scenario) =>
      toDto(
        scenario,
        rows.find(({ name }) => name === scenario.name),
        faults.filter((fault) => fault.scenario === scenario.name),
      ),
    ),
  };
}

/** Throws `not-found`. */
export async function getScenarioDto(ctx: Context, name: string): Promise<ScenarioDto> {
  const { scenarios } = await listScenarios(ctx);
  const found = scenarios.find((scenario) => scenario.name === getScenario(name).name);
  if (found === undefined) throw new Error(`The scenario ${name} is registered and was not listed.`);
  return found;
}

function toDto(scenario: Scenario, row: ScenarioRow | undefined, faults: ScenarioFaultRow[]): ScenarioDto {
  const { name, presets, process } = scenario;
  const isRunning = row?.running_since != null;
  return {
    name,
    runningSince: row === undefined ? null : iso(row.running_since),
    rate: row?.rate ?? scenario.rate,
    maxRate: scenario.maxRate,
    produced: Number(row?.produced ?? 0),
    sourcePrefix: sourcePrefixOf(name),
    effect: scenario.effect ?? null,
    aggregateType: scenario.aggregateType ?? null,
    services: partsOf(scenario).map((part) => {
      const found = faults.find((fault) => fault.service === part.name);
      return {
        ...part,
        isOn: isRunning && (!part.isOptional || row.optional_services.includes(part.name)),
        fault:
          found === undefined
            ? null
            : { ...faultSchema.parse(found.fault), preset: found.preset, endsAt: iso(found.ends_at) },
      };
    }),
    presets: presets.map((preset) => {
      const playing = faults.find((fault) => fault.preset === preset.name);
      return {
        name: preset.name,
        service: preset.service,
        seconds: preset.seconds,
        endsAt: playing === undefined ? null : iso(playing.ends_at),
      };
    }),
    graph: drawScenario(scenario),
    process: process === null ? null : { name: process.name, graph: drawProcess(process) },
  };
}

function iso(moment: string | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}
