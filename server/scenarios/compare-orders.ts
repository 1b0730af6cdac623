import { z } from "zod";
import { type AuditRow, listAuditOf } from "#drizzle/queries/audit-log.ts";
import {
  listAnsweredOrders,
  listDirectedOrders,
  listPublishedOrders,
  type OrderTimesRow,
} from "#drizzle/queries/order-times.ts";
import { listScenarioRows, type ScenarioRow } from "#drizzle/queries/scenarios.ts";
import {
  COMPARED_SCENARIOS,
  type ComparedSystemDto,
  type ComparisonDto,
} from "#server/contract/scenario-comparison.ts";
import { PRESET_NAMES } from "#server/contract/scenarios.ts";
import { figuresOf, ORDER_STATES, type OrderTimes } from "#server/domain/order-figures.ts";
import { type FaultChange, phasesOf, storiesOf } from "#server/domain/story-phases.ts";
import type { Context } from "#server/platform/context.ts";
import { getScenario } from "./registry.ts";
import { qualifiedName, type Scenario, sourceOf } from "./scenario.ts";

/** What the figures of one system rest upon at most. */
const MAX_ORDERS = 1_000;
/** More than what went wrong within an hour. */
const MAX_CHANGES = 500;

/**
 * How the systems that take orders did in the last minutes, by what is stored of their orders: events, deliveries and
 * runs of processes. Where something was made to go wrong, before, during and after it.
 */
export async function compareOrders(ctx: Context, { minutes }: { minutes: number }): Promise<ComparisonDto> {
  const to = ctx.clock.now();
  const from = new Date(to.getTime() - minutes * 60_000);
  const rows = await listScenarioRows(ctx.sql);
  const scenarios = comparedScenarios();
  const systems = await Promise.all(
    scenarios.map((scenario) =>
      compareOne(ctx, scenario, { from, to, row: rows.find(({ name }) => name === scenario.name) }),
    ),
  );
  return {
    minutes,
    from: from.toISOString(),
    to: to.toISOString(),
    maxRate: Math.min(...scenarios.map(({ maxRate }) => maxRate)),
    presets: commonPresets(scenarios).map(({ name, seconds }) => ({ name, seconds })),
    systems,
  };
}

export function comparedScenarios(): Scenario[] {
  return COMPARED_SCENARIOS.map(getScenario);
}

/** The stories that every one of the systems knows, as the first tells them. */
export function commonPresets([first, ...others]: readonly Scenario[]): Scenario["presets"] {
  return (first?.presets ?? []).filter(({ name }) =>
    others.every(({ presets }) => presets.some((preset) => preset.name === name)),
  );
}

async function compareOne(
  { sql }: Context,
  scenario: Scenario,
  { from, to, row }: { from: Date; to: Date; row: ScenarioRow | undefined },
): Promise<ComparedSystemDto> {
  const { name, services } = scenario;
  const subjects = [name, ...services.map((service) => qualifiedName(name, service.name))];
  const [found, changes] = await Promise.all([
    listOrders(sql, scenario, from.toISOString()),
    listAuditOf(sql, subjects, MAX_CHANGES),
  ]);
  const orders = found.slice(0, MAX_ORDERS).map(toOrderTimes);
  const window = { from: from.getTime(), to: to.getTime() };
  const { story, phases } = phasesOf(window, storiesOf(changes.flatMap(toFaultChange)));
  return {
    name: z.enum(COMPARED_SCENARIOS).parse(name),
    runningSince: row?.running_since == null ? null : new Date(row.running_since).toISOString(),
    rate: row?.rate ?? scenario.rate,
    isCapped: found.length > MAX_ORDERS,
    story:
      story === null
        ? null
        : {
            service: story.service,
            preset: PRESET_NAMES.find((preset) => preset === story.preset) ?? null,
            from: new Date(story.from).toISOString(),
            to: story.to === null ? null : new Date(story.to).toISOString(),
          },
    phases: phases.map((phase) => ({
      kind: phase.kind,
      from: new Date(phase.from).toISOString(),
      to: new Date(phase.to).toISOString(),
      figures: figuresOf(orders.filter(({ takenAt }) => takenAt >= phase.from && takenAt < phase.to)),
    })),
  };
}

function listOrders(sql: Context["sql"], scenario: Scenario, from: string): Promise<OrderTimesRow[]> {
  const { name, producer, services, calls, process } = scenario;
  const { type } = scenario.produce("sample", () => 0);
  const scope = { source: sourceOf(name, producer), type, from, limit: MAX_ORDERS + 1 };
  if (calls !== undefined) return listAnsweredOrders(sql, { ...scope, endings: calls.endings });
  if (process !== null) return listDirectedOrders(sql, { ...scope, process: process.name });
  const parts = services.filter(({ isOptional = false }) => !isOptional);
  return listPublishedOrders(sql, {
    ...scope,
    consumers: parts.map((service) => qualifiedName(name, service.name)),
  });
}

function toOrderTimes(row: OrderTimesRow): OrderTimes {
  return {
    correlationId: row.correlation_id,
    takenAt: row.taken_at,
    answeredAt: row.answered_at,
    completedAt: row.completed_at,
    state: z.enum(ORDER_STATES).parse(row.state),
    isHalfDone: row.is_half_done,
  };
}

const injectedDetails = z.object({
  preset: z.string().nullable().default(null),
  endsAt: z.string().nullable().default(null),
});

function toFaultChange({ at: moment, action, subject, details }: AuditRow): FaultChange[] {
  const at = new Date(moment).getTime();
  const service = subject.slice(subject.indexOf(".") + 1);
  if (action === "scenario.stopped") return [{ at, kind: "stopped" }];
  if (action === "fault.removed") return [{ at, kind: "removed", service }];
  if (action !== "fault.injected") return [];
  const { preset, endsAt } = injectedDetails.parse(details);
  return [
    { at, kind: "injected", service, preset, endsAt: endsAt === null ? null : new Date(endsAt).getTime() },
  ];
}
