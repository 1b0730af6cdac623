import type { StreamStateDto } from "#server/contract/streams.ts";
import { type Aggregate, type Rebuilt, rebuild, type VersionedEvent } from "#server/domain/aggregate.ts";
import { order } from "#server/domain/orders/order.ts";
import { sampleOrder } from "#server/domain/orders/sample-order.ts";
import { AppError, messageOf } from "#server/platform/errors.ts";
import type { StreamEnvelope } from "./stream-envelopes.ts";

/** Adds the events of a stream up, given to it in the order of their versions. */
export type StateBuilder = {
  /** Throws for events that don't add up. */
  take: (events: readonly StreamEnvelope[]) => void;
  built: () => Extract<StreamStateDto, { kind: "built" }>;
};

/** Null for aggregates of which this program doesn't know how their events add up. */
export function createStateBuilder(type: string): StateBuilder | null {
  if (type === order.type) return builderOf(order);
  return type === sampleOrder.type ? builderOf(sampleOrder) : null;
}

/** What events that don't add up are answered with; an error of ours is thrown on. */
export function unbuildable(error: unknown): StreamStateDto {
  if (error instanceof AppError) throw error;
  return { kind: "unbuildable", reason: messageOf(error) };
}

function builderOf<State, Events>(aggregate: Aggregate<State, Events>): StateBuilder {
  let current: Rebuilt<State> = rebuild(aggregate, []);
  let before: Rebuilt<State> | null = null;
  return {
    take: (events) => {
      for (const { version, event } of events) {
        if (version <= current.version)
          throw new Error(`Several events say that they are version ${version}.`);
        if (event.data.encoding !== "json") throw new Error(`Version ${version} has no JSON in it.`);
        // The type names the data; a type that the aggregate doesn't know is refused.
        const next = {
          type: event.type,
          data: JSON.parse(event.data.text),
          version,
        } as VersionedEvent<Events>;
        before = current;
        current = rebuild(aggregate, [next], { ...current, stateVersion: aggregate.stateVersion });
      }
    },
    built: () => ({
      kind: "built",
      version: current.version,
      state: JSON.stringify(current.state),
      before: before === null ? null : JSON.stringify(before.state),
    }),
  };
}
