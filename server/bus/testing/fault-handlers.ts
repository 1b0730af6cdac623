import { setTimeout as sleep } from "node:timers/promises";
import type { Sql, SqlTx } from "#drizzle/db.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import type { Handler } from "../handlers.ts";

/** What fault tests give their consumers. */
export const TIMEOUT_MS = 300;

/** How a fault test numbers its events: by key, and within each. */
export function readFaultEvent({ data }: Pick<EventEnvelope, "data">): { key: number; seq: number } {
  const text = data.encoding === "json" ? data.text : "{}";
  // Written by the test itself.
  return JSON.parse(text) as { key: number; seq: number };
}

/** Events that `single` and `batched` can never handle. */
export function isPoison({ seq }: { seq: number }): boolean {
  return seq % 25 === 11;
}

/** Events at whose first attempt `stuck`, `late` and their like don't answer in time. */
export function isTooMuch({ key, seq }: { key: number; seq: number }): boolean {
  return (key + seq) % 10 === 3;
}

/** Consumers that fail, hang and take their time, and write down their effects. */
export function faultHandlers(sql: Sql): Record<string, Handler> {
  const write = async (to: Sql | SqlTx, consumer: string, event: EventEnvelope) => {
    const { key, seq } = readFaultEvent(event);
    await to`insert into effects (consumer, key, seq) values (${consumer}, ${key}, ${seq})`;
  };
  return {
    keyed: {
      transaction: "each",
      handle: async (event, { tx, attempt }) => {
        const { key, seq } = readFaultEvent(event);
        await write(tx, "keyed", event);
        if (attempt === 1 && (key + seq) % 13 === 0) throw new Error("The first attempt fails.");
      },
    },
    single: {
      transaction: "each",
      handle: async (event, { tx, attempt, signal }) => {
        const numbered = readFaultEvent(event);
        await write(tx, "single", event);
        if (isPoison(numbered)) throw new Error("This one can't be handled.");
        // Comes back when nobody waits any more.
        if (attempt === 1 && numbered.seq % 40 === 3)
          await sleep(2 * TIMEOUT_MS, undefined, { signal }).catch(() => {});
      },
    },
    batched: {
      transaction: "batch",
      handle: async (event, { tx }) => {
        await write(tx, "batched", event);
        if (isPoison(readFaultEvent(event))) throw new Error("This one can't be handled.");
      },
    },
    plain: { transaction: "none", handle: (event) => write(sql, "plain", event) },
    stuck: {
      transaction: "each",
      handle: async (event, { tx, attempt }) => {
        await write(tx, "stuck", event);
        if (attempt === 1 && isTooMuch(readFaultEvent(event))) await never();
      },
    },
    "stuck-batch": {
      transaction: "batch",
      handle: async (event, { tx, attempt }) => {
        await write(tx, "stuck-batch", event);
        if (attempt === 1 && isTooMuch(readFaultEvent(event))) await never();
      },
    },
    late: {
      transaction: "each",
      handle: async (event, { tx, attempt }) => {
        await write(tx, "late", event);
        if (attempt === 1 && isTooMuch(readFaultEvent(event))) await sleep(2 * TIMEOUT_MS);
      },
    },
  };
}

function never(): Promise<never> {
  return new Promise(() => {});
}
