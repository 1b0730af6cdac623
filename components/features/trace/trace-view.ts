import type { TraceLetterDto, TraceReference } from "#server/contract/sagas.ts";
import type { Saga } from "#server/domain/sagas/saga.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";
import type { TraceSelection } from "./trace-selection.ts";

/** The ways to look at one trace. */
export const TRACE_VIEWS = ["timeline", "sequence", "tree"] as const;
export type TraceViewName = (typeof TRACE_VIEWS)[number];

/** The view that an address names, also by `events`, as links to the list of a flow called the tree; null for none. */
export function readTraceView(text: string): TraceViewName | null {
  return text === "events" ? "tree" : (TRACE_VIEWS.find((view) => view === text) ?? null);
}

/** What every view of a trace is given. Each fills its box, scrolls in it, and shows what is selected. */
export type TraceViewProps = {
  trace: Trace;
  saga: Saga;
  letters: readonly TraceLetterDto[];
  selection: TraceSelection | null;
  /** Selects something, or nothing. */
  onSelect: (selection: TraceSelection | null) => void;
  /** The moment that the trace is played at, in microseconds since 1970: it holds nothing later. Null for now. */
  atUs: number | null;
};

/** By what a flow belongs together, beside a correlation id. */
export const OTHER_CORRELATIONS = ["trace", "payload"] as const;

/** Which flow an address means. */
export function toTraceReference(
  value: string,
  { correlation, subject }: { correlation: string | null; subject: string | null },
): TraceReference {
  const by = OTHER_CORRELATIONS.find((one) => one === correlation) ?? "correlation-id";
  return { by, value, subject };
}
