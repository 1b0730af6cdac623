import type { Sql, SqlTx } from "../db.ts";
import { LETTER_STATUS } from "./dead-letters.ts";
import { OUTCOME as ATTEMPT_OUTCOME, STATUS } from "./delivery-settling.ts";

/** By number: held, waiting, in flight, ended. */
export const ITEM_STATE = { held: 0, waiting: 1, inFlight: 2, ended: 3 } as const;

/** By number, the order of the domain's list. */
export const ITEM_OUTCOME = {
  succeeded: 0,
  "failed-same": 1,
  "failed-new": 2,
  "skipped-handled": 3,
  unknown: 4,
} as const;
export type ItemOutcomeNumber = (typeof ITEM_OUTCOME)[keyof typeof ITEM_OUTCOME];

/** Stands in `behind` of an item whose delivery is under way already: it is looked at again a moment later. */
const ELSEWHERE = 0;

export type ReplayRow = {
  id: number;
  status: string;
  run: unknown;
  delivery: unknown;
  /** Microseconds since 1970. */
  created_us: string;
};

/** Holds a replay for this transaction; null when another process is at it, or there is none. */
export async function claimReplay(tx: SqlTx, id: number): Promise<ReplayRow | null> {
  // Everything below goes from some items to their rows by key. Of items that were just frozen there are no statistics
  // yet: plans that suit an empty table would read all of it, again and again. What is asked of a `with` query stands
  // as `in (select …)`, which needs no join.
  const [, [row]] = await Promise.all([
    tx`select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
      set_config('enable_seqscan', 'off', true)`,
    tx<ReplayRow[]>`
      select id, status, run, delivery, (extract(epoch from created_at) * 1000000)::bigint as created_us
      from replays where id = ${id} for update skip locked`,
  ]);
  return row ?? null;
}

export type EndedItems = {
  outcome: ItemOutcomeNumber;
  /** Of their failure in the replay. */
  case_id: number | null;
  items: number;
};

/**
 * Writes down the outcomes of items that were in flight (or, late, of those given up as unknown), of the oldest `limit`
 * of them; what stood behind one that was handled may start. A failure counts when the keeper has put it into its case.
 */
export async function settleItems(
  tx: SqlTx,
  replayId: number,
  { late, limit }: { late: boolean; limit: number },
): Promise<{ looked: number; ended: EndedItems[] }> {
  const which = late
    ? tx`state = ${ITEM_STATE.ended} and outcome = ${ITEM_OUTCOME.unknown}`
    : tx`state = ${ITEM_STATE.inFlight}`;
  const rows = await tx<
    { looked: number; outcome: ItemOutcomeNumber | null; case_id: number | null; items: number }[]
  >`
    with looked as materialized (
      select seq, next, position, subscription_id, generation, case_id from replay_items
      where replay_id = ${replayId} and ${which} order by seq limit ${limit}
    ), ended as materialized (
      select i.seq, i.next, i.position, i.subscription_id, d.settled_at, case d.status
          when ${STATUS.succeeded} then ${ITEM_OUTCOME.succeeded}::smallint
          when ${STATUS.discarded} then ${ITEM_OUTCOME["skipped-handled"]}::smallint
          else case when l.case_id = i.case_id then ${ITEM_OUTCOME["failed-same"]}::smallint
            else ${ITEM_OUTCOME["failed-new"]}::smallint end end as outcome,
        case when d.status = ${STATUS.dead} then l.case_id end as case_id
      from looked i
      join deliveries d on d.position = i.position and d.subscription_id = i.subscription_id
        and d.generation >= i.generation and d.status in (${STATUS.succeeded}, ${STATUS.dead}, ${STATUS.discarded})
      left join dead_letters l on d.status = ${STATUS.dead} and l.position = i.position
        and l.subscription_id = i.subscription_id and l.generation = d.generation and l.number is not null
      where d.status <> ${STATUS.dead} or l.number is not null
    ), written as (
      update replay_items i set state = ${ITEM_STATE.ended}, outcome = e.outcome, new_case_id = e.case_id,
        ended_at = coalesce(e.settled_at, now())
      from ended e where i.replay_id = ${replayId} and i.seq = e.seq
    ), freed as (
      update replay_items i set state = ${ITEM_STATE.waiting}
      from ended e
      where i.replay_id = ${replayId} and i.seq = e.next and i.state = ${ITEM_STATE.held}
        and e.outcome in (${ITEM_OUTCOME.succeeded}, ${ITEM_OUTCOME["skipped-handled"]})
    ), handled as materialized (
      select l.position, l.subscription_id, l.case_id, l.counted_as from ended e
      join dead_letters l on l.position = e.position and l.subscription_id = e.subscription_id
      -- Not by the index of those that are replaying, which is thought to be small when it is not.
      where e.outcome = ${ITEM_OUTCOME.succeeded} and l.status + 0 = ${LETTER_STATUS.replaying}
      order by l.position, l.subscription_id for update of l skip locked
    ), resolved as (
      update dead_letters l set status = ${LETTER_STATUS.resolved}, changed_at = now(),
        counted_as = case h.counted_as when ${LETTER_STATUS.replaying} then ${LETTER_STATUS.resolved}::smallint
          else h.counted_as end
      from handled h where l.position = h.position and l.subscription_id = h.subscription_id
    ), counted as (
      insert into case_moves (case_id, old, new, letters)
      select case_id, ${LETTER_STATUS.replaying}, ${LETTER_STATUS.resolved}, count(*) from handled
      where counted_as = ${LETTER_STATUS.replaying} group by case_id
    )
    select (select count(*)::int from looked) as looked, outcome, case_id, coalesce(items, 0) as items
    from (select) one left join (
      select outcome, case_id, count(*)::int as items from ended group by outcome, case_id) counted on true`;
  const ended = rows.flatMap(({ outcome, case_id, items }) =>
    outcome === null ? [] : [{ outcome, case_id, items }],
  );
  return { looked: rows[0]?.looked ?? 0, ended };
}

/** Gives up the outcomes of items that were started so long ago. Gives how many. */
export async function giveUpOverdue(tx: SqlTx, replayId: number, unknownAfterMs: number): Promise<number> {
  const result = await tx`
    update replay_items set state = ${ITEM_STATE.ended}, outcome = ${ITEM_OUTCOME.unknown}, ended_at = now()
    where replay_id = ${replayId} and state = ${ITEM_STATE.inFlight}
      and started_at <= now() - ${unknownAfterMs} * interval '1 millisecond'`;
  return result.count;
}

/** Lets items be looked at again whose deliveries were under way elsewhere. */
export async function wakeElsewhere(tx: SqlTx, replayId: number): Promise<number> {
  const result = await tx`
    update replay_items set state = ${ITEM_STATE.waiting}, behind = null
    where replay_id = ${replayId} and behind = ${ELSEWHERE} and state = ${ITEM_STATE.held}`;
  return result.count;
}

/** Whether some items wait for deliveries that are under way elsewhere, or may start. */
export async function isSomeWaiting(tx: SqlTx, replayId: number): Promise<boolean> {
  const [row] = await tx<{ any: boolean }[]>`
    select exists (select from replay_items where replay_id = ${replayId} and state = ${ITEM_STATE.waiting})
      or exists (select from replay_items
        where replay_id = ${replayId} and behind = ${ELSEWHERE} and state = ${ITEM_STATE.held}) as any`;
  return row?.any ?? false;
}

export type StartedItems = {
  /** Items that were looked at: fewer than asked for means that there are no more. */
  looked: number;
  started: number;
  skipped: number;
  /** Retention dropped the event. */
  gone: number;
  /** The consumers to be woken. */
  subscriptions: number[];
};

/**
 * Starts the oldest items that may start, at most `limit`: makes each delivery due in a generation of its own. What its
 * consumer has handled (or somebody discarded) since is skipped; what is under way by other means, or just being changed
 * by somebody else, is put aside: this waits for nobody.
 *
 * @param handledAfterUs an item that succeeded counts as handled since if that was after this moment; null for whenever.
 */
export async function startItems(
  tx: SqlTx,
  replayId: number,
  {
    limit,
    attemptLimit,
    handledAfterUs,
  }: { limit: number; attemptLimit: number | null; handledAfterUs: string | null },
): Promise<StartedItems> {
  const [row] = await tx<StartedItems[]>`
    with picked as materialized (
      select seq, next, position, subscription_id from replay_items
      where replay_id = ${replayId} and state = ${ITEM_STATE.waiting} order by seq limit ${limit}
    ), letters as materialized (
      select p.seq, l.status, l.counted_as from picked p
      join dead_letters l on l.position = p.position and l.subscription_id = p.subscription_id
      order by p.seq for update of l skip locked
    ), locked as materialized (
      select p.seq, p.next, p.position, p.subscription_id, d.status, d.settled_at, d.generation, d.attempts, d.started_at,
        d.duration_us
      from picked p join deliveries d on d.position = p.position and d.subscription_id = p.subscription_id
      where (select count(*) from letters) is not null -- first of all
      order by p.seq for update of d skip locked
    ), judged as materialized (
      select seq, next, position, subscription_id, status, generation, attempts, started_at, duration_us,
        seq in (select seq from letters where status = ${LETTER_STATUS.parked}) as is_parked,
        seq in (select seq from letters
          where status = ${LETTER_STATUS.parked} and counted_as = ${LETTER_STATUS.parked}) as is_counted,
        case
          when seq not in (select seq from letters) and exists (
            select from dead_letters o where o.position = k.position and o.subscription_id = k.subscription_id)
            then 'elsewhere'
          when status = ${STATUS.discarded}
            or seq in (select seq from letters where status = ${LETTER_STATUS.discarded}) then 'skipped'
          when status = ${STATUS.dead} then 'started'
          when status <> ${STATUS.succeeded} then 'elsewhere'
          when ${handledAfterUs}::bigint is null
            or settled_at > to_timestamp(${handledAfterUs}::bigint / 1e6) then 'skipped'
          else 'started'
        end as verdict
      from locked k
      union all
      select seq, next, position, subscription_id, null, null, null, null, null, false, false,
        case when exists (
          select from deliveries o where o.position = p.position and o.subscription_id = p.subscription_id)
          then 'elsewhere' else 'gone' end
      from picked p where seq not in (select seq from locked)
    ), kept as (
      insert into attempts (position, subscription_id, generation, attempt, started_at, duration_us, outcome)
      select position, subscription_id, generation, attempts, started_at, duration_us, ${ATTEMPT_OUTCOME.succeeded}
      from judged where verdict = 'started' and status = ${STATUS.succeeded} and attempts > 0 and started_at is not null
      on conflict do nothing
    ), due as (
      update deliveries d set status = ${STATUS.pending}, generation = d.generation + 1, attempts = 0,
        next_attempt_at = now(), settled_at = null, lease_until = null, worker = null, attempt_limit = ${attemptLimit},
        ordering_key = case when s.ordering = 'key' then (select e.partition_key from events e where e.position = d.position) end
      from judged j join subscriptions s on s.id = j.subscription_id
      where j.verdict = 'started' and d.position = j.position and d.subscription_id = j.subscription_id
    ), replaying as (
      update dead_letters l set status = ${LETTER_STATUS.replaying}, changed_at = now(),
        counted_as = case when j.is_counted then ${LETTER_STATUS.replaying}::smallint else l.counted_as end
      from judged j
      where j.verdict = 'started' and j.is_parked
        and l.position = j.position and l.subscription_id = j.subscription_id
      returning l.case_id, j.is_counted
    ), counted as (
      insert into case_moves (case_id, old, new, letters)
      select case_id, ${LETTER_STATUS.parked}, ${LETTER_STATUS.replaying}, count(*) from replaying
      where is_counted group by case_id
    ), written as (
      update replay_items i set
        state = case j.verdict when 'started' then ${ITEM_STATE.inFlight}::smallint
          when 'elsewhere' then ${ITEM_STATE.held}::smallint else ${ITEM_STATE.ended}::smallint end,
        behind = case j.verdict when 'elsewhere' then ${ELSEWHERE}::int else i.behind end,
        outcome = case j.verdict when 'skipped' then ${ITEM_OUTCOME["skipped-handled"]}::smallint
          when 'gone' then ${ITEM_OUTCOME.unknown}::smallint end,
        generation = case j.verdict when 'started' then j.generation + 1 end,
        started_at = case j.verdict when 'started' then now() end,
        ended_at = case when j.verdict in ('skipped', 'gone') then now() end
      from judged j where i.replay_id = ${replayId} and i.seq = j.seq
    ), freed as (
      update replay_items i set state = ${ITEM_STATE.waiting}
      from judged j
      where j.verdict = 'skipped' and i.replay_id = ${replayId} and i.seq = j.next and i.state = ${ITEM_STATE.held}
    )
    select count(*)::int as looked, (count(*) filter (where verdict = 'started'))::int as started,
      (count(*) filter (where verdict = 'skipped'))::int as skipped,
      (count(*) filter (where verdict = 'gone'))::int as gone,
      coalesce(array_agg(distinct subscription_id) filter (where verdict = 'started'), '{}') as subscriptions
    from judged`;
  if (!row) throw new Error("An aggregate gives a row.");
  return row;
}

/** Stores how a replay stands. */
export async function updateReplay(
  tx: SqlTx,
  id: number,
  { status, run }: { status: string; run: unknown },
): Promise<void> {
  const isEnded = status === "finished" || status === "cancelled" || status === "stopped";
  await tx`
    update replays set status = ${status}, run = ${JSON.stringify(run)}::jsonb,
      started_at = case when ${status} = 'running' then coalesce(started_at, now()) else started_at end,
      ended_at = case when ${isEnded} then coalesce(ended_at, now()) end
    where id = ${id}`;
}

/** Unknown outcomes are looked for as long after the end of a replay: longer than any is awaited. */
const LATE_FOR = "8 days";

/** The replays that something is to be done about: those that run, and those of which outcomes are to come. */
export async function listOpenReplays(sql: Sql | SqlTx): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id from replays r
    where status = 'running' or ((ended_at is null or ended_at > now() - ${LATE_FOR}::interval)
      and ((run -> 'outcomes' ->> 'unknown')::int > 0
        or exists (select from replay_items i where i.replay_id = r.id and i.state = ${ITEM_STATE.inFlight})))
    order by id`;
  return rows.map(({ id }) => id);
}
