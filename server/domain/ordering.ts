import type { DeliveryStatus } from "./delivery.ts";

/** Whether a subscription handles the events of one partition key one after the other. */
export const ORDERINGS = ["none", "key"] as const;
export type Ordering = (typeof ORDERINGS)[number];

/** What a dead letter does to the later events of its key in an ordered subscription. */
export const ON_DEAD = ["block", "continue"] as const;
export type OnDead = (typeof ON_DEAD)[number];

/**
 * The one delivery of a key that may be worked on, given the key's deliveries in the order of their events.
 * A retry keeps its place: what stands behind it waits until it is settled.
 *
 * @returns its index; null when the key has nothing left, is at work, or waits behind a dead letter
 */
export function nextInOrder(statuses: readonly DeliveryStatus[], onDead: OnDead): number | null {
  for (const [index, status] of statuses.entries()) {
    if (status === "pending" || status === "retrying") return index;
    if (status === "processing" || (status === "dead" && onDead === "block")) return null;
  }
  return null;
}
