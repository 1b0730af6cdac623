"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { EVENT_TABS, type EventTab, isPosition } from "./event-address.ts";

const PARAMS = {
  event: parseAsString,
  tab: parseAsStringLiteral(EVENT_TABS).withDefault("payload"),
};

export type EventView = ReturnType<typeof useEventView>;

/** Which event is open beside a list, and which side of it is shown: both stand in the address. */
export function useEventView() {
  const [{ event, tab }, setParams] = useQueryStates(PARAMS, { history: "replace" });
  const position = event !== null && isPosition(event) ? event : null;
  return {
    position,
    tab,
    /** Going back closes what was opened; it does not walk through every event that was looked at. */
    open: (next: string) =>
      void setParams({ event: next }, { history: position === null ? "push" : "replace" }),
    close: () => void setParams({ event: null, tab: null }),
    setTab: (next: EventTab) => void setParams({ tab: next }),
  };
}
