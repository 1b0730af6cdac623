import type { Trace } from "./trace.ts";

/** The indexes of the spans of each message, in order. */
export function indexSpans({ messages, spans }: Pick<Trace, "messages" | "spans">): IndexLists {
  return groupIndexes(messages.length, spans, ({ message }) => message);
}

/** Lists of indexes by place. */
export type IndexLists = readonly (readonly number[])[];

/** By place, the indexes of what belongs there, in order. Most places of a large trace have none: those share one list. */
export function groupIndexes<T>(
  places: number,
  items: readonly T[],
  placeOf: (item: T) => number,
): IndexLists {
  const none: number[] = [];
  const lists = new Array<number[]>(places).fill(none);
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    if (item === undefined) continue;
    const place = placeOf(item);
    const known = lists[place];
    if (known === none) lists[place] = [index];
    else known?.push(index);
  }
  return lists;
}

/** The message because of which each event was emitted; null where none is known. */
export function indexEffects({ events, messages }: Pick<Trace, "events" | "messages">): (number | null)[] {
  const led = new Array<number | null>(events.length).fill(null);
  for (let index = 0; index < messages.length; index += 1) {
    const effects = messages[index]?.effects ?? [];
    for (let at = 0; at < effects.length; at += 1) led[effects[at] ?? -1] = index;
  }
  return led;
}
