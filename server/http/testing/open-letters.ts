import type { Sql } from "#drizzle/db.ts";
import { LetterKeeper, settleKeeper } from "#server/dead-letters/keep-letters.ts";
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
        from dead_letters l join subscriptions s on s.id = subscription_id order by event_id, consumer`,
  };
}

export type TestLetters = Awaited<ReturnType<typeof openLetters>>;

async function recount(sql: Sql) {
  return sql`
    select case_id as id, count(*) filter (where status = 0)::int as parked,
      count(*) filter (where status = 1)::int as replaying, count(*) filter (where status = 2)::int as resolved,
      count(*) filter (where status = 3)::int as discarded
    from dead_letters where case_id is not null group by case_id order by case_id`;
}

async function readCounters(sql: Sql) {
  return sql`
    select id, parked::int, replaying::int, resolved::int, discarded::int from failure_cases
    where parked + replaying + resolved + discarded <> 0 order by id`;
}
