"use client";

import { RunActions } from "#components/features/sagas/run-actions.tsx";
import { TracePage } from "#components/features/trace/trace-page.tsx";

/** A trace with what can be done about the run of a declared process that it is. */
export function TraceWithActions({ value }: { value: string }) {
  return <TracePage value={value} renderActions={(run) => <RunActions key={run.id} {...run} />} />;
}
