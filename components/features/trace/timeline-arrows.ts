import { placeOf } from "./timeline-axis.ts";
import { barY, isThere, markY, type TimelineScene } from "./timeline-scene.ts";
import type { Linked } from "./trace-selection.ts";

/** From what led to something to that, in places of the axis and pixels from the top. */
export type Arrow = { fromPlace: number; fromY: number; toPlace: number; toY: number };

/** More arrows than this are a fog. */
const MOST_ARROWS = 300;
/** So far back the way to an event is shown. */
const MOST_CAUSES = 64;

/** What led to what is selected, back to where the flow began, and what followed from it at once. */
export function findArrows(scene: TimelineScene, linked: Linked): Arrow[] {
  const { trace, messagesOfEvent } = scene;
  const arrows = new Map<string, Arrow>();
  const add = (key: string, arrow: Arrow | null) => {
    if (arrow !== null && arrows.size < MOST_ARROWS) arrows.set(key, arrow);
  };
  for (const message of linked.messages) {
    const event = trace.messages[message]?.event;
    if (event !== undefined) add(`in ${message}`, toMessage(scene, message));
    for (const effect of trace.messages[message]?.effects ?? []) add(`out ${effect}`, toEvent(scene, effect));
  }
  for (const event of linked.events) {
    for (const message of messagesOfEvent[event] ?? []) add(`in ${message}`, toMessage(scene, message));
    addWay(scene, event, add);
  }
  return [...arrows.values()];
}

/** From cause to effect, where that is all that is known of what services did. */
export function findUnseenArrows(scene: TimelineScene): Arrow[] {
  return scene.unseen.flatMap((event) => toEvent(scene, event) ?? []);
}

function addWay(scene: TimelineScene, event: number, add: (key: string, arrow: Arrow | null) => void): void {
  let at: number | null = event;
  for (let steps = 0; at !== null && steps < MOST_CAUSES; steps += 1) {
    const message: number | null = scene.ledBy[at] ?? null;
    const cause: number | null = scene.trace.events[at]?.cause ?? null;
    if (message === null && cause === null) return;
    add(`out ${at}`, toEvent(scene, at));
    if (message !== null) add(`in ${message}`, toMessage(scene, message));
    at = message === null ? cause : (scene.trace.messages[message]?.event ?? cause);
  }
}

/** From the mark of an event to the first thing that a service did with it. */
function toMessage(scene: TimelineScene, message: number): Arrow | null {
  const { timeline, axis, barsOfMessage, trace } = scene;
  const mark = timeline.marks[trace.messages[message]?.event ?? -1];
  const own = barsOfMessage[message] ?? [];
  const first = own.find((bar) => timeline.bars[bar]?.kind === "work") ?? own[0];
  const bar = timeline.bars[first ?? -1];
  if (mark === undefined || bar === undefined || first === undefined) return null;
  const [fromPlace, toPlace] = [placeOf(axis, mark.at), placeOf(axis, bar.start)];
  return { fromPlace, fromY: markY(scene, mark.event), toPlace, toY: barY(scene, first) };
}

/** From the attempt in which an event was emitted to its mark; from its cause, where nothing is known of an attempt. */
function toEvent(scene: TimelineScene, event: number): Arrow | null {
  const { timeline, axis, barsOfMessage, ledBy, trace } = scene;
  const mark = timeline.marks[event];
  if (mark === undefined || !isThere(scene, event)) return null;
  const to = { toPlace: placeOf(axis, mark.at), toY: markY(scene, event) };
  const message = ledBy[event] ?? null;
  const own = message === null ? [] : (barsOfMessage[message] ?? []);
  const last = own.findLast(
    (bar) => (timeline.bars[bar]?.start.us ?? Number.POSITIVE_INFINITY) <= mark.at.us,
  );
  if (last !== undefined) {
    const bar = timeline.bars[last];
    // It was emitted in the attempt, but what is recorded of both need not agree.
    const moment = bar !== undefined && bar.end !== null && bar.end.us < mark.at.us ? bar.end : mark.at;
    return { fromPlace: placeOf(axis, moment), fromY: barY(scene, last), ...to };
  }
  const cause = timeline.marks[trace.events[event]?.cause ?? -1];
  if (cause === undefined) return null;
  return { fromPlace: placeOf(axis, cause.at), fromY: markY(scene, cause.event), ...to };
}
