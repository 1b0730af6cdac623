import type { EventKind } from "../event.ts";

/** An event of a flow, by the service that emitted it. */
export type ObservedEvent = {
  position: string;
  type: string;
  /** The service that emitted it: the id of its node. */
  service: string;
  kind: EventKind | null;
  /** Index of the event that led to it; null at a root, and where its cause is not known. */
  cause: number | null;
  /** It names a cause that is not part of the flow. */
  isCauseMissing: boolean;
  /** When it was recorded, milliseconds since the epoch. */
  at: number;
};

/** What became of an event at one service. */
export type ObservedDelivery = {
  /** Index of the event. */
  event: number;
  /** The service that it was owed to: the id of its node. */
  service: string;
  /** Of its last attempt, milliseconds since the epoch; null before there was one. */
  startedAt: number | null;
  endedAt: number | null;
  outcome: "succeeded" | "failed" | "open";
  attempts: number;
};

/** One flow as it ran, from events and deliveries alone: in order of position. */
export type ObservedFlow = {
  correlationId: string;
  events: readonly ObservedEvent[];
  deliveries: readonly ObservedDelivery[];
};
