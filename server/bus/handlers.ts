import type { SqlTx } from "#drizzle/db.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import type { NewEvent } from "#server/domain/new-event.ts";

export type HandlerContext = {
  /** The transaction that the delivery is recorded in: what is written with it takes effect once. */
  tx: SqlTx;
  /** From 1. */
  attempt: number;
  position: string;
  /** Aborted when the time is up. */
  signal: AbortSignal;
  /** Publishes an event if, and only if, the transaction commits; as part of the flow of the one that is handled. */
  publish: (event: NewEvent) => Promise<void>;
};

/** The context of a handler that writes nothing here. */
export type PlainHandlerContext = Omit<HandlerContext, "tx" | "publish">;

/**
 * What an in-process consumer does with an event. It fails by throwing; a `NonRetryableError` is final.
 *
 * - `each`: every event in a transaction of its own, committed together with the record that it was handled.
 * - `batch`: up to a hundred events share one. When one fails, all are rolled back and handled again one by one, so
 *   effects outside of the transaction may repeat.
 * - `none`: no transaction; effects may repeat after a crash, so they must be idempotent.
 */
export type Handler = {
  /**
   * `newest` hands events over in the newest version of their schema, as upcasters make it of what was stored; where
   * a step fails, so does the delivery, for good. Left out, events come as they were stored.
   */
  reads?: "original" | "newest";
} & (
  | {
      transaction: "each";
      /** What comes before the transaction, such as asking somebody else: no connection is held meanwhile. */
      prepare?: (event: EventEnvelope, context: PlainHandlerContext) => Promise<void>;
      handle: (event: EventEnvelope, context: HandlerContext) => Promise<void>;
    }
  | { transaction: "batch"; handle: (event: EventEnvelope, context: HandlerContext) => Promise<void> }
  | { transaction: "none"; handle: (event: EventEnvelope, context: PlainHandlerContext) => Promise<void> }
);

/** The handlers of this process by name. A subscription to one that is missing here waits for a process that has it. */
export class Handlers {
  readonly #byName = new Map<string, Handler>();

  register(name: string, handler: Handler): void {
    if (this.#byName.has(name)) throw new Error(`A handler named ${name} is registered already.`);
    this.#byName.set(name, handler);
  }

  unregister(name: string): void {
    this.#byName.delete(name);
  }

  find(name: string): Handler | null {
    return this.#byName.get(name) ?? null;
  }
}
