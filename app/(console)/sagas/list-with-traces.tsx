"use client";

import { ListExplorer } from "#components/features/sagas/list-explorer.tsx";
import { useTraceAhead } from "#components/features/trace/use-trace-ahead.ts";

/** The list of sagas, from which the trace of each is opened at once. */
export function ListWithTraces() {
  return <ListExplorer onAim={useTraceAhead()} />;
}
