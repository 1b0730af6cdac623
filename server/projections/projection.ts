import type { SqlTx } from "#drizzle/db.ts";
import type { EventEnvelope } from "#server/domain/event.ts";

/** An event of the log with its place in the order. */
export type ProjectedEvent = { position: string; event: EventEnvelope };

/** A read model that is built from the log, event by event, in order. */
export type Projection = {
  name: string;
  /** Goes up whenever the read model is built differently: it is then rebuilt, while the old one serves. */
  version: number;
  /** The types of events that it is built from; `*` stands for any run of characters. */
  types: readonly string[];
  /** The type of the aggregates that it shows: events of others pass it by. */
  aggregateType: string;
  /** The tables of the read model. Each row names its `generation`: several may be there at once. */
  tables: readonly string[];
  /**
   * Changes the rows of one generation as the event demands, in the transaction that moves the checkpoint past it: so
   * each event has its effect once, whenever the program is stopped. A throw stops the projection at this event.
   */
  apply: (tx: SqlTx, projected: ProjectedEvent, generation: number) => Promise<void>;
  /**
   * What it shows of one aggregate after one more of its events, as `apply` would leave it; null for nothing. Left out
   * where rows depend on more than one aggregate: what they showed at an earlier moment is then not known.
   */
  fold?: (shown: Shown | null, event: EventEnvelope) => Shown | null;
};

/** What a read model shows of an aggregate. */
export type Shown = { version: number; state: unknown };

/** What holds a projection up from outside; asked before each stretch of events. */
export type ProjectionBrake = () => Promise<{
  /** How many events it may take now; null: as many as there are. */
  limit: number | null;
  /** Throws for an event that can't be taken. */
  check: (projected: ProjectedEvent) => void;
}>;

/** Nothing does. */
export const NO_BRAKE: ProjectionBrake = () => Promise.resolve({ limit: null, check: () => {} });

export function defineProjection(definition: Omit<Projection, "version"> & { version?: number }): Projection {
  return { version: 1, ...definition };
}
