import { findCriticalPath } from "#server/domain/sagas/critical-path.ts";
import type { Moment, TimelineBar } from "#server/domain/sagas/timeline.ts";
import type { Span, Trace } from "#server/domain/sagas/trace.ts";
import { placeOfTime } from "./timeline-axis.ts";
import type { TimelineScene } from "./timeline-scene.ts";

/**
 * A scene as it stood at a moment: its lanes, rows and axis stay where they are, and hold what had begun by then. What
 * ends later lasts, up to the moment, and nothing shows how it ended.
 *
 * @param untilUs microseconds since 1970
 */
export function sceneThen(scene: TimelineScene, untilUs: number): TimelineScene {
  const { timeline, plan, axis } = scene;
  const now: Moment = { us: untilUs, rank: placeOfTime({ ...axis, kind: "order" }, untilUs) };
  const hasBegun = (bar: number) => (timeline.bars[bar]?.start.us ?? Number.POSITIVE_INFINITY) <= untilUs;
  const isThere = (event: number) => (timeline.marks[event]?.at.us ?? Number.POSITIVE_INFINITY) <= untilUs;
  const trace = traceThen(scene.trace, { untilUs, isThere });
  return {
    ...scene,
    untilUs,
    trace,
    timeline: { ...timeline, bars: timeline.bars.map((bar) => barThen(bar, now)) },
    plan: {
      ...plan,
      lanes: plan.lanes.map((lane) => ({
        ...lane,
        bars: lane.bars.map((row) => row.filter(hasBegun)),
        marks: lane.marks.filter(isThere),
      })),
    },
    barOfSpan: new Map([...scene.barOfSpan].filter(([, bar]) => hasBegun(bar))),
    barsOfMessage: scene.barsOfMessage.map((bars) => bars.filter(hasBegun)),
    unseen: scene.unseen.filter(isThere),
    critical: criticalThen(trace, { untilUs, isThere }),
  };
}

function barThen(bar: TimelineBar, now: Moment): TimelineBar {
  if (bar.end !== null && bar.end.us <= now.us) return bar;
  return bar.kind === "work" ? { ...bar, end: now, outcome: "running" } : { ...bar, end: now };
}

type Then = { untilUs: number; isThere: (event: number) => boolean };

/** What is later keeps its index, so that what is selected stays what it is; nobody has it in sight. */
function traceThen(trace: Trace, { untilUs, isThere }: Then): Trace {
  return {
    ...trace,
    spans: trace.spans.map((span, index) => spanThen(span, trace.spans[index - 1], untilUs)),
    messages: trace.messages.map((message) => ({ ...message, effects: message.effects.filter(isThere) })),
  };
}

function spanThen(span: Span, before: Span | undefined, untilUs: number): Span {
  if (span.endUs !== null && span.endUs <= untilUs) return span;
  if (span.kind === "work") return { ...span, endUs: null, outcome: "running", error: null };
  // It is counted to the replay that ends it, which nobody knew of.
  const generation = before?.message === span.message ? before.generation : 0;
  return { ...span, endUs: null, generation };
}

/** What the time up to the moment was made of. */
function criticalThen({ events, spans, ...trace }: Trace, { untilUs, isThere }: Then) {
  const begun = [...spans.keys()].filter((span) => (spans[span]?.startUs ?? untilUs) <= untilUs);
  const path = findCriticalPath({
    ...trace,
    endUs: untilUs,
    events: events.map((event, index) => (isThere(index) ? event : { ...event, atUs: NEVER })),
    spans: begun.flatMap((index) => {
      const span = spans[index];
      return span === undefined ? [] : [{ ...span, endUs: span.endUs ?? untilUs }];
    }),
  });
  return path.map((segment) => ({
    ...segment,
    span: segment.span === null ? null : (begun[segment.span] ?? null),
  }));
}

const NEVER = Number.NEGATIVE_INFINITY;
