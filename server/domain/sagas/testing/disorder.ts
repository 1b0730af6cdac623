import type { Recorded } from "../trace-messages.ts";

/** Longer than any of the flows takes. */
const LATER_US = 3_600_000_000;

/** The same records in an order that the keys give, some of them twice, and some events recorded once more later on. */
export function shuffled(recorded: Recorded, keys: readonly number[], copies: readonly number[]): Recorded {
  return {
    events: mix(recorded.events, keys, copies).flatMap((event, index) => {
      const again = { ...event, position: String(Number(event.position) + LATER_US) };
      return copies.includes(index) ? [again, event] : [event];
    }),
    deliveries: mix(recorded.deliveries, keys, copies),
    attempts: mix(recorded.attempts, keys, copies),
  };
}

function mix<T>(items: readonly T[], keys: readonly number[], copies: readonly number[]): T[] {
  const again = copies.flatMap((copy) => (items.length === 0 ? [] : (items[copy % items.length] ?? [])));
  const keyOf = (index: number) => keys[index % Math.max(1, keys.length)] ?? 0;
  return [...items, ...again]
    .map((item, index) => ({ item, key: keyOf(index) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** The same flow as if its events had come in another order: each takes the position of another one. */
export function recordedLate(recorded: Recorded, keys: readonly number[]): Recorded {
  const positions = recorded.events.map(({ position }) => position);
  const order = positions
    .map((position, index) => ({ position, key: keys[index % Math.max(1, keys.length)] ?? 0 }))
    .sort((a, b) => a.key - b.key);
  const moved = new Map(order.map(({ position }, index) => [position, positions[index] ?? position]));
  const move = <T extends { position: string }>(item: T): T => ({
    ...item,
    position: moved.get(item.position) ?? item.position,
  });
  return {
    events: recorded.events.map(move),
    deliveries: recorded.deliveries.map(move),
    attempts: recorded.attempts.map(move),
  };
}

/** Without the events of some indexes, and what is known of their deliveries. */
export function withoutEvents(recorded: Recorded, indexes: readonly number[]): Recorded {
  const dropped = new Set(
    indexes.flatMap((index) => recorded.events[index % recorded.events.length]?.position ?? []),
  );
  const isKept = ({ position }: { position: string }) => !dropped.has(position);
  return {
    events: recorded.events.filter(isKept),
    deliveries: recorded.deliveries.filter(isKept),
    attempts: recorded.attempts.filter(isKept),
  };
}
