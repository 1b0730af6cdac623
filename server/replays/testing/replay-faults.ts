import type { Sql } from "#drizzle/db.ts";
import { insertDeadLetters } from "#drizzle/queries/dead-letters.ts";
import { insertAttempts, OUTCOME } from "#drizzle/queries/delivery-settling.ts";
import { insertCursor, insertSubscription } from "#drizzle/queries/subscriptions.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { errorFromThrown } from "#server/domain/error-record.ts";
import { completeEvent } from "#server/domain/new-event.ts";
import { NonRetryableError } from "#server/domain/retry-policy.ts";
import { createBatchWriter } from "#server/ingest/write-batch.ts";
import { NameCache } from "#server/names/name-cache.ts";

export const KEYS = 200;
const PATIENCE = { retries: 100, baseMs: 5, factor: 1, capMs: 5, jitter: "none" } as const;

/** Events that `single` can never handle. */
export function isPoison(n: number): boolean {
  return n % 50 === 7;
}

/** The same wherever it is thrown, so that it is of one failure case. */
export function poisonError(): Error {
  const error = new NonRetryableError("This one can't be handled.");
  error.stack = error.message;
  return error;
}

/**
 * A consumer with an order, one without, and one without transactions, and dead letters in each, all of the same failure.
 */
export async function fillDeadLetters(
  sql: Sql,
  counts: { keyed: number; single: number; plain: number },
): Promise<void> {
  await sql`create table effects (at bigint generated always as identity, consumer text not null, id text not null)`;
  const write = createBatchWriter(sql, new NameCache(sql));
  for (const [consumer, count] of Object.entries(counts)) {
    const time = new Date().toISOString();
    const events = Array.from({ length: count }, (_, n) =>
      completeEvent(
        {
          type: consumer,
          source: `/${consumer}`,
          partitionKey: consumer === "keyed" ? `k${n % KEYS}` : null,
          data: { encoding: "json", text: "{}" },
        },
        { id: String(n), time },
      ),
    );
    const outcomes = [];
    for (let first = 0; first < count; first += 1_000) {
      const batch = events.slice(first, first + 1_000);
      outcomes.push(
        ...(await write(batch.map((event) => ({ event, identity: eventIdentity(event.source, event.id) })))),
      );
    }
    const positions = outcomes.flatMap((outcome) => ("position" in outcome ? [outcome.position] : []));
    const last = positions.at(-1) ?? "0";
    await sql.begin(async (tx) => {
      const id = await insertSubscription(tx, await insertCursor(tx, last), {
        consumer,
        channel: null,
        filters: [{ exact: { type: consumer } }],
        target: { kind: "handler", name: consumer },
        ordering: consumer === "keyed" ? "key" : "none",
        onDead: "continue",
        concurrency: 8,
        retry: PATIENCE,
        timeoutMs: 10_000,
      });
      await tx`
        insert into deliveries (position, subscription_id, type_id, generation, status, attempts, settled_at)
        select position, ${id}, type_id, 0, 4, 1, now() from events where position = any(${positions}::bigint[])`;
      const diedAtUs = Date.now() * 1_000;
      const error = errorFromThrown(poisonError());
      const attempt = {
        generation: 0,
        attempt: 1,
        startedAtUs: diedAtUs,
        durationUs: 1,
        outcome: OUTCOME.failed,
      };
      await insertAttempts(
        tx,
        id,
        positions.map((position) => ({ ...attempt, position, error })),
      );
      await insertDeadLetters(
        tx,
        id,
        positions.map((position) => ({
          position,
          generation: 0,
          diedAtUs,
          message: error.message,
          attempts: 1,
        })),
      );
    });
  }
}
