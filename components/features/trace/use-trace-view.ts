"use client";

import { createParser, parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { EVENT_TABS, isPosition } from "#components/event-detail/event-address.ts";
import { FLOW_ARRANGEMENTS, FLOW_CLOCKS } from "#components/event-detail/flow-rows.ts";
import { OTHER_CORRELATIONS, readTraceView, type TraceViewName, toTraceReference } from "./trace-view.ts";

const PARAMS = {
  /** By what the flow belongs together; left out for a correlation id. */
  correlation: parseAsStringLiteral(OTHER_CORRELATIONS),
  subject: parseAsString,
  view: createParser({ parse: readTraceView, serialize: String }),
  select: parseAsString,
  /** An event by its position, as links to the events of a flow name it. */
  event: parseAsString,
  tab: parseAsStringLiteral(EVENT_TABS).withDefault("payload"),
  at: parseAsString,
  /** Whether the states of aggregates and read models stand beside it. */
  states: parseAsBoolean.withDefault(false),
  /** Of the view `tree`. */
  by: parseAsStringLiteral(FLOW_ARRANGEMENTS),
  clock: parseAsStringLiteral(FLOW_CLOCKS),
};

export type TraceViewState = ReturnType<typeof useTraceView>;

/** What is looked at in a trace, and how: all of it stands in the address. */
export function useTraceView(value: string) {
  const [params, setParams] = useQueryStates(PARAMS, { history: "replace" });
  const { correlation, subject, at } = params;
  const reference = useMemo(
    () => toTraceReference(value, { correlation, subject }),
    [correlation, value, subject],
  );
  const position = params.event !== null && isPosition(params.event) ? params.event : null;
  const selected = params.select ?? (position === null ? null : `event/${position}`);
  return {
    reference,
    view: viewOf(params),
    setView: (view: TraceViewName) => void setParams({ view, ...WITHOUT_LIST }),
    setSubject: (next: string | null) =>
      void setParams({ subject: next, select: null, event: null, at: null }, { history: "push" }),
    selected,
    /** Going back closes what was opened; it does not walk through everything that was looked at. */
    select: (next: string | null) =>
      void setParams(
        { select: next, event: null, ...(next === null && { tab: null }) },
        { history: selected === null ? "push" : "replace" },
      ),
    tab: params.tab,
    setTab: (tab: (typeof EVENT_TABS)[number]) => void setParams({ tab }),
    atUs: at !== null && isPosition(at) ? Number(at) : null,
    hasStates: params.states,
    setStates: (hasStates: boolean) =>
      void setParams({ states: hasStates, ...(hasStates && { select: null, event: null }) }),
    setAt: (us: number | null) => void setParams({ at: us === null ? null : String(us) }),
  };
}

const WITHOUT_LIST = { by: null, clock: null };

/** Links that say how the events are arranged mean the tree. */
function viewOf({ view, by, clock }: { view: TraceViewName | null; by: unknown; clock: unknown }) {
  return view ?? (by === null && clock === null ? "timeline" : "tree");
}
