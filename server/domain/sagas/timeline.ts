import { type CriticalSegment, findCriticalPath } from "./critical-path.ts";
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
  /** Every moment at which something began, ended or was emitted, once and in order. */
  moments: number[];
  /** Services in the order in which they come in; below them those that take back, in the order in which they do. */
  lanes: Lane[];
  bars: TimelineBar[];
  /** Where each event was emitted. */
  marks: TimelineMark[];
  critical: CriticalSegment[];
};

/**
 * A trace in lanes by service. It is laid out once in a page that has just opened, by code that no browser has compiled
 * yet: there a loop by index takes half of what one over `entries()` does.
 *
 * Messages that a service handles at the same time lie in rows of their own. What takes steps back lies below everything
 * else, so that it is read from top to bottom in the reverse of what it takes back.
 */
export function layOutTimeline(trace: Trace): Timeline {
  const stepOf = indexSteps(trace);
  const undoing = new Set(trace.compensations.map(({ step }) => step));
  const lanes: Lane[] = [];
  const known = { forward: new Map<string, PlacedLane>(), compensation: new Map<string, PlacedLane>() };
  const laneOf = (service: string, section: Lane["section"]) => {
    const found = known[section].get(service);
    if (found !== undefined) return found;
    const made = { lane: { service, section, rows: 1 }, index: lanes.length };
    lanes.push(made.lane);
    known[section].set(service, made);
    return made;
  };
  for (const { id } of trace.services) laneOf(id, "forward");
  const placed = placeMessages(trace, (message) => {
    const step = stepOf.get(message) ?? null;
    const to = trace.messages[message]?.to ?? null;
    if (to === null) return null;
    return laneOf(to, step !== null && undoing.has(step) ? "compensation" : "forward");
  });
  const moments = listMoments(trace);
  const momentOf = momentReader(moments);
  const critical = findCriticalPath(trace);
  const isCritical = new Set(critical.map(({ span }) => span));
  const bars: TimelineBar[] = [];
  for (let index = 0; index < trace.spans.length; index += 1) {
    const span = trace.spans[index];
    const place = span && placed[span.message];
    if (span === undefined || place === undefined) continue;
    const { message, generation, startUs, endUs } = span;
    const about = {
      span: index,
      message,
      step: stepOf.get(message) ?? null,
      lane: place.lane,
      row: place.row,
      start: momentOf(startUs),
      end: endUs === null ? null : momentOf(endUs),
      generation,
      isCritical: isCritical.has(index),
    };
    if (span.kind === "wait") bars.push({ ...about, kind: "wait", reason: span.reason });
    else {
      const { attempt, outcome } = span;
      bars.push({ ...about, kind: "work", attempt, outcome, isRetry: attempt > 1 || generation > 0 });
    }
  }
  const answered = new Set([...undoing].flatMap((step) => trace.steps[step]?.answers ?? []));
  const marks = trace.events.map(({ service, atUs }, event): TimelineMark => {
    const section = answered.has(event) ? "compensation" : "forward";
    return { event, lane: laneOf(service, section).index, at: momentOf(atUs) };
  });
  const { startUs, endUs } = trace;
  return { startUs, endUs, moments, lanes, bars, marks, critical };
}

type PlacedLane = { lane: Lane; index: number };

function indexSteps({ steps }: Trace): Map<number, number> {
  const stepOf = new Map<number, number>();
  for (let index = 0; index < steps.length; index += 1) {
    const messages = steps[index]?.messages ?? [];
    for (let at = 0; at < messages.length; at += 1) stepOf.set(messages[at] ?? -1, index);
  }
  return stepOf;
}

/** The lane and the row of every message that has spans. */
function placeMessages(
  trace: Trace,
  laneOf: (message: number) => PlacedLane | null,
): ({ lane: number; row: number } | undefined)[] {
  const byLane = new Map<PlacedLane, { message: number; startUs: number; endUs: number }[]>();
  const spansOf = indexSpans(trace);
  for (let message = 0; message < spansOf.length; message += 1) {
    const spans = spansOf[message] ?? [];
    if (spans.length === 0) continue;
    const first = trace.spans[spans[0] ?? 0];
    const last = trace.spans[spans[spans.length - 1] ?? 0];
    const lane = first === undefined ? null : laneOf(message);
    if (lane === null || first === undefined || last === undefined) continue;
    const stretch = { message, startUs: first.startUs, endUs: last.endUs ?? Number.POSITIVE_INFINITY };
    const known = byLane.get(lane);
    if (known === undefined) byLane.set(lane, [stretch]);
    else known.push(stretch);
  }
  const placed = new Array<{ lane: number; row: number } | undefined>(trace.messages.length).fill(undefined);
  for (const [{ lane, index }, stretches] of byLane) {
    const rows = assignRows(stretches);
    lane.rows = rows.count;
    for (const [at, { message }] of stretches.entries()) {
      placed[message] = { lane: index, row: rows.rowOf[at] ?? 0 };
    }
  }
  return placed;
}

/** Every moment at which something began, ended or was emitted, once. */
function listMoments({ events, spans }: Trace): number[] {
  const times = new Float64Array(events.length + 2 * spans.length);
  let count = 0;
  for (const { atUs } of events) times[count++] = atUs;
  for (const { startUs, endUs } of spans) {
    times[count++] = startUs;
    if (endUs !== null) times[count++] = endUs;
  }
  return distinct(times.subarray(0, count).sort());
}

function distinct(sorted: Float64Array): number[] {
  const found: number[] = [];
  for (const us of sorted) if (found.length === 0 || us !== found[found.length - 1]) found.push(us);
  return found;
}

/** Bars and marks of one moment share it. */
function momentReader(moments: readonly number[]): (us: number) => Moment {
  const made = moments.map((us, rank): Moment => ({ us, rank }));
  return (us) => {
    let low = 0;
    let high = moments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((moments[middle] ?? 0) < us) low = middle + 1;
      else high = middle;
    }
    return made[low] ?? { us, rank: moments.length };
  };
}
