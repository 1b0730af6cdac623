import type { AttemptOutcome, Compensation, Span, Trace, TraceStep } from "#server/domain/sagas/trace.ts";
import { findLinked, type TraceSelection } from "./trace-selection.ts";

/** How long what is selected was worked on, and waited for. Microseconds; what lasts counts to the end of the trace. */
export type Spent = { workUs: number; waitUs: number };

/** One stretch of a message, as it is listed. */
export type Stretch = { span: number; generation: number; startUs: number; endUs: number | null } & (
  | { kind: "work"; attempt: number; outcome: AttemptOutcome; error: string | null }
  | { kind: "wait"; reason: "queued" | "retry" | "dead" }
);

export type SelectionFacts = {
  step: (TraceStep & { index: number }) | null;
  /** Consumers and services that were given it. */
  receivers: string[];
  events: number[];
  spent: Spent;
  stretches: Stretch[];
  /** What it takes back, and what takes it back. */
  undoes: Compensation | null;
  undoneBy: Compensation | null;
  /** Which of its deliveries were replayed, at the most how often. */
  generations: number;
};

/** What a panel says of a step, a message or a span: all that belongs to it. */
export function describeSelection(trace: Trace, selection: TraceSelection): SelectionFacts {
  const linked = findLinked(trace, selection);
  const messages = [...linked.messages].flatMap((index) => trace.messages[index] ?? []);
  const all = trace.spans
    .map((span, index) => ({ span, index }))
    .filter(({ span }) => linked.messages.has(span.message));
  const [stepIndex] = linked.steps;
  const step = stepIndex === undefined ? undefined : trace.steps[stepIndex];
  const compensation = (by: "step" | "undoes") =>
    trace.compensations.find((each) => each[by] === stepIndex) ?? null;
  return {
    step: step === undefined || stepIndex === undefined ? null : { ...step, index: stepIndex },
    receivers: [...new Set(messages.flatMap(({ consumer, to }) => consumer ?? to ?? []))],
    events: [...linked.events].sort((a, b) => a - b),
    spent: sumUp(
      trace,
      all.map(({ span }) => span),
    ),
    stretches: all.map(({ span, index }) => toStretch(span, index)),
    undoes: stepIndex === undefined ? null : compensation("step"),
    undoneBy: stepIndex === undefined ? null : compensation("undoes"),
    generations: messages.reduce((most, { generation }) => Math.max(most, generation), 0),
  };
}

function sumUp({ endUs: traceEndUs }: Trace, spans: readonly Span[]): Spent {
  const spent = { workUs: 0, waitUs: 0 };
  for (const { kind, startUs, endUs } of spans) {
    const took = Math.max(0, (endUs ?? traceEndUs) - startUs);
    if (kind === "work") spent.workUs += took;
    else spent.waitUs += took;
  }
  return spent;
}

function toStretch(span: Span, index: number): Stretch {
  const { generation, startUs, endUs } = span;
  const place = { span: index, generation, startUs, endUs };
  if (span.kind === "wait") return { ...place, kind: "wait", reason: span.reason };
  const { attempt, outcome, error } = span;
  return { ...place, kind: "work", attempt, outcome, error: error?.message ?? null };
}
