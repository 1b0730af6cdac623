import { copyDeliveries, upsertDeliveries } from "#drizzle/queries/delivery-settling.ts";
import { nowUs } from "./attempt.ts";
import type { BusContext } from "./bus-context.ts";
import type { OwedEvent, Stretch } from "./claim-stretch.ts";
import type { Handler } from "./handlers.ts";
import type { Limiter } from "./limiter.ts";
import { publisherFor } from "./publish.ts";
import { readEvent } from "./read-event.ts";
import { type Settlement, settle } from "./settlement.ts";
import type { Subscription } from "./subscription.ts";
import { withinTime } from "./within-time.ts";

const BATCH = 100;

type BatchOptions = {
  handler: Extract<Handler, { transaction: "each" | "batch" }>;
  limiter: Limiter;
  signal: AbortSignal;
  /** Told of each batch that was committed. */
  take: (settlements: Settlement[]) => void;
};

/**
 * Handles the events of a stretch in shared transactions, up to a hundred in each.
 *
 * @returns the events of the batches that failed, of which nothing stands: handle them one by one.
 */
export async function deliverBatches(
  bus: BusContext,
  subscription: Subscription,
  stretch: Stretch,
  { handler, limiter, signal, take }: BatchOptions,
): Promise<OwedEvent[]> {
  const left: OwedEvent[] = [];
  const batches = Array.from({ length: Math.ceil(stretch.owed.length / BATCH) }, (_, index) =>
    stretch.owed.slice(index * BATCH, (index + 1) * BATCH),
  );
  await Promise.all(
    batches.map((batch) =>
      limiter.run(async () => {
        if (signal.aborted) return;
        try {
          take(await deliverBatch(bus, subscription, stretch, batch, handler));
        } catch {
          left.push(...batch);
        }
      }),
    ),
  );
  return left;
}

async function deliverBatch(
  bus: BusContext,
  subscription: Subscription,
  stretch: Stretch,
  batch: OwedEvent[],
  handler: BatchOptions["handler"],
): Promise<Settlement[]> {
  const { generation } = stretch;
  return withinTime(subscription.timeoutMs, (limit) =>
    bus.sql.begin(async (tx) => {
      limit.uses(tx);
      const settlements: Settlement[] = [];
      for (const owed of batch) {
        const startedAtUs = nowUs();
        const publish = publisherFor(tx, owed.event, bus.clock);
        const event = readEvent(bus, handler, owed.event);
        const { position } = owed;
        await handler.handle(event, { tx, attempt: 1, position, signal: limit.signal(), publish });
        limit.signal().throwIfAborted();
        const durationUs = Math.max(0, nowUs() - startedAtUs);
        const result = { kind: "succeeded", startedAtUs, durationUs } as const;
        settlements.push(settle(subscription, owed, { attempt: 1, generation, result, random: bus.random }));
      }
      limit.stop();
      const records = settlements.flatMap(({ record }) => (record === null ? [] : [record]));
      if (!stretch.isRepeat) await copyDeliveries(tx, subscription.id, records);
      else {
        const written = await upsertDeliveries(tx, subscription.id, records);
        if (written.size < records.length) throw new Error("Some of the batch was handled before.");
      }
      return settlements;
    }),
  );
}
