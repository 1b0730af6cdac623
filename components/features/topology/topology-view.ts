"use client";

import { parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { FlowTypeDto, VerdictsDto } from "#server/contract/topology.ts";

export const VIEWS = ["broker", "mediator"] as const;
export type View = (typeof VIEWS)[number];
export const PANELS = ["verdict", "findings", "changes"] as const;
export const COMPARED = ["previous", "day", "week", "chosen"] as const;
export type Compared = (typeof COMPARED)[number];
export const PLAYBACKS = ["1h", "6h", "24h"] as const;
export type Playback = (typeof PLAYBACKS)[number];

const PARAMS = {
  /** The flow type on the left, or alone; nothing is the whole system. */
  flow: parseAsString,
  /** The flow type beside it. */
  beside: parseAsString,
  /** Nothing: as the verdict says. */
  view: parseAsStringLiteral(VIEWS),
  /** The node or edge in the panel. */
  at: parseAsString,
  panel: parseAsStringLiteral(PANELS),
  compare: parseAsStringLiteral(COMPARED),
  /** The window that was chosen to compare with. */
  beforeFrom: parseAsString,
  beforeTo: parseAsString,
  /** Both windows of a comparison beside each other. */
  split: parseAsBoolean.withDefault(false),
  /** Groups that are not as they are at first: folded, or unfolded where the picture is too large. */
  toggled: parseAsArrayOf(parseAsString).withDefault([]),
  focus: parseAsString,
  playback: parseAsStringLiteral(PLAYBACKS),
};

/** What of the topology is looked at, as it stands in the address. */
export function useTopologyView() {
  return useQueryStates(PARAMS, { history: "replace" });
}
export type TopologyView = ReturnType<typeof useTopologyView>[0];
export type SetTopologyView = ReturnType<typeof useTopologyView>[1];

/** The flow type of an address; null for the whole system, and for one that was not seen in the window. */
export function findFlowType(verdicts: VerdictsDto | undefined, id: string | null): FlowTypeDto | null {
  return verdicts?.flowTypes.find((flowType) => flowType.id === id) ?? null;
}

/** The mediators in what is looked at, each once. */
export function mediationsOf(verdicts: VerdictsDto | undefined, id: string | null) {
  const flowTypes = verdicts?.flowTypes.filter((flowType) => id === null || flowType.id === id) ?? [];
  const byNode = new Map(
    flowTypes.toReversed().flatMap(({ mediations }) => mediations.map((one) => [one.node, one])),
  );
  return [...byNode.values()];
}

/** How a flow type is drawn: as asked for, else as its verdict says. A circle needs a mediator. */
export function chooseView(verdicts: VerdictsDto | undefined, id: string | null, asked: View | null): View {
  if (mediationsOf(verdicts, id).length === 0) return "broker";
  if (asked !== null) return asked;
  return findFlowType(verdicts, id)?.judgement.verdict === "mediator" ? "mediator" : "broker";
}
