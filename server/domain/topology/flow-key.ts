import { FLOW_WAYS, type FlowWay } from "./verdict.ts";

/** What flows must share for their summaries to be added up. */
export type FlowKey = { type: string; startedBy: string; way: FlowWay };

/** The id of a flow type: of all flows that begin so, or of those of one way where the ways are two flow types. */
export function flowTypeId({ type, startedBy }: Pick<FlowKey, "type" | "startedBy">, way?: FlowWay): string {
  return JSON.stringify(way === undefined ? [startedBy, type] : [startedBy, type, way]);
}

/** The keys of whose flows an id speaks: it means the same in every window. Null for what is no id. */
export function readFlowTypeId(id: string): { type: string; startedBy: string; way: FlowWay | null } | null {
  const [startedBy, type, way, ...rest] = readStrings(id);
  if (startedBy === undefined || type === undefined || rest.length > 0) return null;
  if (way === undefined) return { type, startedBy, way: null };
  const known = FLOW_WAYS.find((one) => one === way);
  return known === undefined ? null : { type, startedBy, way: known };
}

function readStrings(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((one) => typeof one === "string") ? value : [];
  } catch {
    return [];
  }
}
