import { findCriticalPath } from "./critical-path.ts";
import { indexSpans } from "./index-spans.ts";
import { assignRows } from "./timeline-rows.ts";
import type { AttemptOutcome, Trace } from "./trace.ts";

/** What one service did, forwards, or while the flow was taken back. */
export type Lane = { service: string; section: "forward" | "compensation"; rows: number };

/** A place on the time axis, to scale and by order: the how-manieth of all moments of the trace it is. */
export type Moment = { us: number; rank: number };

export type TimelineBar = {
  span: number;
  message: number;
  step: number | null;
  lane: number;
  row: number;
  start: Moment;
  /** Null while it lasts. */
  end: Moment | null;
  generation: number;
  isCritical: boolean;
} & (
  | { kind: "work"; attempt: number; outcome: AttemptOutcome; isRetry: boolean }
  | { kind: "wait"; reason: "queued" | "retry" | "dead" }
);

export type TimelineMark = { event: number; lane: number; at: Moment };

export type Timeline = {
  startUs: number;
  endUs: number;
  /** Moments there are. */
  ranks: number;
  /** Services in the order in which they come in; below them those that take back, in the order in which they do. */
  lanes: Lane[];
  bars: TimelineBar[];
  /** Where each event was emitted. */
  marks: TimelineMark[];
};

/**
 * A trace in lanes by service. Messages that a service handles at the same time lie in rows of their own. What takes
 * steps back lies below everything else, so that it is read from top to bottom in the reverse of what it takes back.
 */
export function layOutTimeline(trace: Trace): Timeline {
  const stepOf = indexSteps(trace);
  const undoing = new Set(trace.compensations.map(({ step }) => step));
  const lanes = new Map<string, { lane: Lane; index: number }>();
  const laneOf = (service: string, section: Lane["section"]) => {
    const key = `${section} ${service}`;
    const known = lanes.get(key) ?? { lane: { service, section, rows: 1 }, index: lanes.size };
    lanes.set(key, known);
    return known;
  };
  for (const { id } of trace.services) laneOf(id, "forward");
  const placed = placeMessages(trace, (message) => {
    const step = stepOf.get(message) ?? null;
    const to = trace.messages[message]?.to ?? null;
    if (to === null) return null;
    return laneOf(to, step !== null && undoing.has(step) ? "compensation" : "forward");
  });
  const rankOf = rankMoments(trace);
  const critical = new Set(findCriticalPath(trace).map(({ span }) => span));
  const bars = trace.spans.flatMap((span, index): TimelineBar[] => {
    const place = placed.get(span.message);
    if (place === undefined) return [];
    const { message, generation, startUs, endUs } = span;
    const about = {
      span: index,
      message,
      step: stepOf.get(message) ?? null,
      ...place,
      start: rankOf(startUs),
      end: endUs === null ? null : rankOf(endUs),
      generation,
      isCritical: critical.has(index),
    };
    if (span.kind === "wait") return [{ ...about, kind: "wait", reason: span.reason }];
    const { attempt, outcome } = span;
    return [{ ...about, kind: "work", attempt, outcome, isRetry: attempt > 1 || generation > 0 }];
  });
  const answered = new Set([...undoing].flatMap((step) => trace.steps[step]?.answers ?? []));
  const marks = trace.events.map(({ service, atUs }, event): TimelineMark => {
    const section = answered.has(event) ? "compensation" : "forward";
    return { event, lane: laneOf(service, section).index, at: rankOf(atUs) };
  });
  const ranks = rankOf(Number.POSITIVE_INFINITY).rank;
  return {
    startUs: trace.startUs,
    endUs: trace.endUs,
    ranks,
    lanes: [...lanes.values()].map(({ lane }) => lane),
    bars,
    marks,
  };
}

function indexSteps({ steps }: Trace): Map<number, number> {
  const stepOf = new Map<number, number>();
  for (const [index, { messages }] of steps.entries())
    for (const message of messages) stepOf.set(message, index);
  return stepOf;
}

/** The lane and the row of every message that has spans. */
function placeMessages(
  trace: Trace,
  laneOf: (message: number) => { lane: Lane; index: number } | null,
): Map<number, { lane: number; row: number }> {
  const byLane = new Map<
    { lane: Lane; index: number },
    { message: number; startUs: number; endUs: number }[]
  >();
  for (const [message, spans] of indexSpans(trace).entries()) {
    const [first, last] = [trace.spans[spans[0] ?? -1], trace.spans[spans.at(-1) ?? -1]];
    const lane = first === undefined ? null : laneOf(message);
    if (lane === null || first === undefined || last === undefined) continue;
    const stretch = { message, startUs: first.startUs, endUs: last.endUs ?? Number.POSITIVE_INFINITY };
    const known = byLane.get(lane);
    if (known === undefined) byLane.set(lane, [stretch]);
    else known.push(stretch);
  }
  const placed = new Map<number, { lane: number; row: number }>();
  for (const [{ lane, index }, stretches] of byLane) {
    const rows = assignRows(stretches);
    lane.rows = rows.count;
    for (const [at, { message }] of stretches.entries()) {
      placed.set(message, { lane: index, row: rows.rowOf[at] ?? 0 });
    }
  }
  return placed;
}

/** Every moment at which something began, ended or was emitted, once. */
function rankMoments({ events, spans }: Trace): (us: number) => Moment {
  const times = new Set<number>();
  for (const { atUs } of events) times.add(atUs);
  for (const { startUs, endUs } of spans) {
    times.add(startUs);
    if (endUs !== null) times.add(endUs);
  }
  const sorted = [...times].sort((a, b) => a - b);
  const ranks = new Map(sorted.map((us, rank) => [us, rank]));
  return (us) => ({ us, rank: ranks.get(us) ?? sorted.length });
}
