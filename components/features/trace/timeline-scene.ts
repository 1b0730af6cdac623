import type { CriticalSegment } from "#server/domain/sagas/critical-path.ts";
import { groupIndexes, type IndexLists, indexEffects } from "#server/domain/sagas/index-spans.ts";
import { layOutTimeline, type TimelineBar } from "#server/domain/sagas/timeline.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";
import { type AxisKind, makeAxis } from "./timeline-axis.ts";
import type { Scene } from "./timeline-hit.ts";
import { planTimeline } from "./timeline-plan.ts";

/** A trace with all that drawing it takes, and that doesn't change while somebody moves in it. */
export type TimelineScene = Scene & {
  trace: Trace;
  /** Of each span, the bar that shows it. */
  barOfSpan: ReadonlyMap<number, number>;
  /** Of each message, its bars in the order of time. */
  barsOfMessage: IndexLists;
  /** Of each event, the messages by which services were given it. */
  messagesOfEvent: IndexLists;
  /** Of each event, the message because of which it was emitted; null where none is known. */
  ledBy: readonly (number | null)[];
  /** Events of which it is not known what led to them. */
  orphans: ReadonlySet<number>;
  undoing: ReadonlySet<number>;
  /** Messages that were handled and answered with a refusal: the last one of each step that failed so. */
  refused: ReadonlySet<number>;
  critical: readonly CriticalSegment[];
  /** Events whose way can only be drawn from cause to effect, since nothing was reported of who handled what. */
  unseen: readonly number[];
  /** The moment that is played, in microseconds since 1970: nothing later is in sight. Null for now. */
  untilUs: number | null;
};

/** More of them than this say nothing when they are all drawn. */
const MOST_UNSEEN = 400;

const UNKNOWN_CAUSES = new Set(["no-causation-id", "cause-not-in-flow", "causation-circle"]);

export function makeScene(trace: Trace, kind: AxisKind): TimelineScene {
  const timeline = layOutTimeline(trace);
  const barOfSpan = new Map<number, number>();
  for (let bar = 0; bar < timeline.bars.length; bar += 1) barOfSpan.set(timeline.bars[bar]?.span ?? -1, bar);
  const barsOfMessage = groupIndexes(trace.messages.length, timeline.bars, ({ message }) => message);
  const ledBy = indexEffects(trace);
  const unseen = trace.events.flatMap(({ cause }, event) => {
    const led = ledBy[event] ?? null;
    const isSeen = led !== null && (barsOfMessage[led] ?? []).length > 0;
    return cause === null || isSeen ? [] : [event];
  });
  return {
    unseen: unseen.length > MOST_UNSEEN ? [] : unseen,
    untilUs: null,
    trace,
    timeline,
    plan: planTimeline(timeline),
    axis: makeAxis(timeline, kind),
    barOfSpan,
    barsOfMessage,
    messagesOfEvent: groupIndexes(trace.events.length, trace.messages, ({ event }) => event),
    ledBy,
    orphans: new Set(trace.gaps.flatMap(({ kind: gap, event }) => (UNKNOWN_CAUSES.has(gap) ? [event] : []))),
    undoing: new Set(trace.compensations.map(({ step }) => step)),
    refused: new Set(
      trace.steps.flatMap(({ state, messages }) => (state === "failed" ? messages.slice(-1) : [])),
    ),
    critical: timeline.critical,
  };
}

/** Whether a bar shows work that was done, and answered that it can't be done. */
export function isRefusal({ refused }: TimelineScene, bar: TimelineBar): boolean {
  return bar.kind === "work" && bar.outcome === "succeeded" && refused.has(bar.message);
}

/** The same trace on the other axis. */
export function withAxis(scene: TimelineScene, kind: AxisKind): TimelineScene {
  return scene.axis.kind === kind ? scene : { ...scene, axis: makeAxis(scene.timeline, kind) };
}

/** Whether an event was recorded by the moment that is shown. */
export function isThere(
  { untilUs, trace }: Pick<TimelineScene, "untilUs" | "trace">,
  event: number,
): boolean {
  return untilUs === null || (trace.events[event]?.atUs ?? untilUs) <= untilUs;
}

/** The middle of a bar's row, in pixels from the top of the picture. */
export function barY({ timeline, plan }: Scene, bar: number): number {
  const { lane = -1, row = 0 } = timeline.bars[bar] ?? {};
  return (plan.lanes[lane]?.rowsTop ?? 0) + (row + 0.5) * plan.rowHeight;
}

/** The middle of the strip in which an event is marked. */
export function markY({ timeline, plan }: Scene, event: number): number {
  return plan.lanes[timeline.marks[event]?.lane ?? -1]?.marksY ?? 0;
}
