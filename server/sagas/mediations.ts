import type { Recorded } from "#server/domain/sagas/trace-messages.ts";
import { judgeWindow } from "#server/domain/topology/judge-window.ts";
import type { Services } from "#server/domain/topology/services.ts";
import type { Mediation } from "#server/domain/topology/verdict.ts";
import type { Context } from "#server/platform/context.ts";
import { mediationsOf, readFlows, toSummaries } from "../topology/read-flows.ts";

export const HOUR_US = 3_600_000_000;
/** Flows that began so long before or after one say how its mediators go about it. */
const AROUND_HOURS = 12;

/** How mediators go about sagas that begin with a type, in a flow that began at a moment. */
export type MediationsOf = (start: { type: string; flowUs: number }) => readonly Mediation[];

/** When a flow began, whatever of it belongs to one of its sagas. */
export function beginningOf({ events }: Pick<Recorded, "events">): number {
  return Number(events[0]?.position ?? 0);
}

/** Since 1970: the hours whose flows say how the mediators of a flow go about it that began at a moment. */
export function hoursAround(flowUs: number): number[] {
  const first = Math.floor(flowUs / HOUR_US) - AROUND_HOURS;
  return Array.from({ length: 2 * AROUND_HOURS + 1 }, (_, hour) => first + hour);
}

/** The same for one flow, as is known by now. */
export async function readMediations(
  ctx: Pick<Context, "sql" | "names">,
  { type, flowUs, services }: { type: string; flowUs: number; services: Services },
): Promise<Mediation[]> {
  const hours = hoursAround(flowUs);
  const at = (hour: number) => new Date((hour * HOUR_US) / 1000).toISOString();
  const window = { from: at(hours[0] ?? 0), to: at((hours.at(-1) ?? 0) + 1) };
  const flows = await readFlows(ctx, window, { services, withTraffic: false, startedWith: type });
  return mediationsOf(judgeWindow(toSummaries(flows)).flowTypes);
}
