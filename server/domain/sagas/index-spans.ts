import type { Trace } from "./trace.ts";

/** The indexes of the spans of each message, in order. */
export function indexSpans({ messages, spans }: Pick<Trace, "messages" | "spans">): number[][] {
  const byMessage = Array.from({ length: messages.length }, (): number[] => []);
  for (const [index, { message }] of spans.entries()) byMessage[message]?.push(index);
  return byMessage;
}

/** The message because of which each event was emitted; null where none is known. */
export function indexEffects({ events, messages }: Pick<Trace, "events" | "messages">): (number | null)[] {
  const led = new Array<number | null>(events.length).fill(null);
  for (const [index, { effects }] of messages.entries()) for (const effect of effects) led[effect] = index;
  return led;
}
