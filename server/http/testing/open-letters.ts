import type { Sql } from "#drizzle/db.ts";
import { type Death, insertDeadLetters } from "#drizzle/queries/dead-letters.ts";
import { findSubscription } from "#drizzle/queries/subscriptions.ts";
import type { TestEvent } from "#drizzle/testing/events.ts";
import { ensureExternalConsumers } from "#server/bus/external-consumers.ts";
import { LetterKeeper, settleKeeper } from "#server/dead-letters/keep-letters.ts";
import { describeError, type ErrorRecord, errorText } from "#server/domain/error-record.ts";
import { openTestApi } from "./open-api.ts";

/** The API and a bus on a database of their own, with a keeper that works when it is told to. */
export async function openLetters() {
  const api = await openTestApi();
  const keeper = new LetterKeeper(api.ctx);
  return {
    ...api,
    /** Puts every letter into its case, and counts it there. */
    settleKeeper: () => settleKeeper(keeper),
    /** What the counters of the cases have to be, counted anew. */
    recount: () => recount(api.sql),
    counters: () => readCounters(api.sql),
    letters: async () =>
      api.sql<{ consumer: string; event: string; status: number; case_id: number | null; deaths: number }[]>`
        select consumer, event_id as event, l.status, case_id, deaths
        from dead_letters_with_status l join subscriptions s on s.id = subscription_id order by event_id, consumer`,
  };
}

export type TestLetters = Awaited<ReturnType<typeof openLetters>>;

async function recount(sql: Sql) {
  return sql`
    select case_id as id, count(*) filter (where status = 0)::int as parked,
      count(*) filter (where status = 1)::int as replaying, count(*) filter (where status = 2)::int as resolved,
      count(*) filter (where status = 3)::int as discarded
    from dead_letters_with_status where case_id is not null group by case_id order by case_id`;
}

async function readCounters(sql: Sql) {
  return sql`
    select id, parked::int, replaying::int, resolved::int, discarded::int from failure_cases
    where parked + replaying + resolved + discarded <> 0 order by id`;
}

/** An event that died in consumers, with the error of each. */
export type TestDeath = TestEvent & { id: string; deadIn: Record<string, string | ErrorRecord> };

/**
 * Writes dead letters without delivering anything: events, deliveries, attempts and letters, in the given order, one
 * second after the other, the last of them just now. Consumers that are missing become external ones.
 */
export async function fillLetters(
  { ctx, append }: Pick<TestLetters, "ctx" | "append">,
  deaths: readonly TestDeath[],
  { from = Date.now() - deaths.length * 1_000 }: { from?: number } = {},
): Promise<string[]> {
  const { sql } = ctx;
  const positions = await append(deaths.map(({ deadIn, ...event }) => event));
  const consumers = [...new Set(deaths.flatMap(({ deadIn }) => Object.keys(deadIn)))];
  const found = await ensureExternalConsumers(ctx, new Map(consumers.map((consumer) => [consumer, null])));
  const idOf = async (consumer: string) => {
    const known = found.get(consumer);
    if (known?.kind === "external") return known.subscriptionId;
    const row = await findSubscription(sql, consumer);
    if (row === null) throw new Error(`There is no consumer ${consumer}.`);
    return row.id;
  };
  const byConsumer = new Map<number, (Death & { error: unknown })[]>();
  for (const [index, { deadIn }] of deaths.entries()) {
    for (const [consumer, reason] of Object.entries(deadIn)) {
      const error = typeof reason === "string" ? describeError("handler", reason) : reason;
      const id = await idOf(consumer);
      const diedAtUs = (from + index * 1_000) * 1_000;
      const message = errorText(error);
      const death = { position: positions[index] ?? "", generation: 0, diedAtUs, message, attempts: 1 };
      byConsumer.set(id, [...(byConsumer.get(id) ?? []), { ...death, error }]);
    }
  }
  await sql.begin(async (tx) => {
    for (const [id, own] of byConsumer) {
      await tx`
        insert into deliveries (position, subscription_id, type_id, generation, status, attempts, settled_at, ordering_key)
        select r.position, ${id}, e.type_id, 0, 4, 1, to_timestamp("diedAtUs" / 1e6),
          case when s.ordering = 'key' and s.on_dead = 'block' then e.partition_key end
        from jsonb_to_recordset(${JSON.stringify(own)}::jsonb) as r (position bigint, "diedAtUs" bigint)
        join events e on e.position = r.position join subscriptions s on s.id = ${id}`;
      await tx`
        insert into attempts (position, subscription_id, generation, attempt, started_at, duration_us, outcome, error)
        select position, ${id}, 0, 1, to_timestamp("diedAtUs" / 1e6), 0, 1, error
        from jsonb_to_recordset(${JSON.stringify(own)}::jsonb) as r (position bigint, "diedAtUs" bigint, error jsonb)`;
      await insertDeadLetters(tx, id, own);
    }
  });
  return positions;
}
