import type { Sql, SqlTx } from "../db.ts";
import { LETTER_STATUS } from "./dead-letters.ts";
import { OUTCOME as ATTEMPT_OUTCOME, STATUS } from "./delivery-settling.ts";
import type { DueRow } from "./due-deliveries.ts";
import { handedItems } from "./handed-stretches.ts";
import { ITEM_OUTCOME, ITEM_STATE, reachedBy } from "./open-items.ts";
import { itemBehind, itemsAfter, NO_POSITION } from "./replay-parts.ts";

export type StartedItems = {
  /** Items that were looked at: fewer than asked for means that there are no more. */
  looked: number;
  started: number;
  skipped: number;
  /** Retention dropped the event. */
  gone: number;
  /** The consumers for which some were made due, to be woken. */
  due: number[];
  /** Those that were claimed at once. */
  claimed: ClaimedRow[];
};

export type ClaimedRow = DueRow & { subscription_id: number };

/** Who claims at once, and how many of which subscriptions. */
export type StartClaim = {
  worker: string;
  leaseMs: number;
  rooms: readonly {
    subscriptionId: number;
    room: number;
    /** Deliveries are only handed over: they are written when they end. */
    isHandedOver: boolean;
  }[];
};

type StartOptions = {
  limit: number;
  attemptLimit: number | null;
  /** An item that succeeded counts as handled since if that was after this moment; null for whenever. */
  handledAfterUs: string | null;
  claim: StartClaim | null;
  isEdited: boolean;
};

/**
 * Starts items that may start, at most `limit`, the oldest first: makes each delivery due in a generation of its own,
 * or claims it at once or hands it over where there is room for it. What its consumer has handled (or somebody
 * discarded) since is skipped; what is under way by other means, or just being changed by somebody else, is put aside:
 * this waits for nobody. Nobody else starts items at the same time.
 */
export async function startItems(
  tx: SqlTx,
  replayId: number,
  { limit, attemptLimit, handledAfterUs, claim, isEdited }: StartOptions,
): Promise<StartedItems> {
  const { worker = null, leaseMs = 0, rooms = [] } = claim ?? {};
  const handing = rooms.flatMap(({ subscriptionId, isHandedOver }) => (isHandedOver ? [subscriptionId] : []));
  const [row] = await tx<(Omit<StartedItems, "claimed"> & ClaimedColumns)[]>`
    with freed as materialized (
      select replay_id, seq, next_position, position, subscription_id, case_id from open_items
      where replay_id = ${replayId} and state = ${ITEM_STATE.waiting} order by seq limit ${limit}
    ), fresh as materialized (
      select replay_id, seq, next_position, position, subscription_id, case_id
      from ${itemsAfter(tx, replayId, reachedBy(tx, replayId))} i where not is_behind
      limit ${limit}::int - (select count(*) from freed)
    ), reaching as (
      update replays set reached = case
        when (select count(*) from freed) + (select count(*) from fresh) < ${limit}::int
          then (
            select first_seq + cardinality(positions) - 1 from replay_parts where replay_id = ${replayId}
            order by first_seq desc limit 1)
        else coalesce((select max(seq) from fresh), reached) end
      where id = ${replayId}
    ), taken as (
      delete from open_items o using freed f
      where o.replay_id = f.replay_id and o.state = ${ITEM_STATE.waiting} and o.seq = f.seq
    ), rooms as materialized (
      select subscription_id, room, subscription_id = any(${handing}::int[]) as is_handed_over
      from unnest(${rooms.map(({ subscriptionId }) => subscriptionId)}::int[],
        ${rooms.map(({ room }) => room)}::int[]) as r (subscription_id, room)
    ), by_consumer as materialized (
      select p.*, coalesce(r.room, 0) as handed from (
        select replay_id, subscription_id, array_agg(seq order by seq) as seqs,
          array_agg(position order by seq) as positions,
          array_agg(coalesce(next_position, ${NO_POSITION}) order by seq) as next_positions,
          array_agg(case_id order by seq) as case_ids
        from (select * from freed union all select * from fresh) both_kinds
        group by replay_id, subscription_id) p
      left join rooms r on r.subscription_id = p.subscription_id and r.is_handed_over
    ), handing as materialized (
      select replay_id, subscription_id, seqs[:handed] as seqs, positions[:handed] as positions,
        next_positions[:handed] as next_positions, case_ids[:handed] as case_ids
      from by_consumer where handed > 0
    ), handed_elsewhere as materialized (
      select position, subscription_id
      from ${handedItems(tx, tx`(select * from handed_stretches where replay_id <> ${replayId})`)} elsewhere
    ), seen as materialized (
      select p.replay_id, p.seqs[place] as seq, nullif(p.next_positions[place], ${NO_POSITION}) as next_position,
        d.position, d.subscription_id, p.case_ids[place] as case_id, d.status, d.generation, d.type_id
      from handing p join deliveries d on d.subscription_id = p.subscription_id and d.position = any(p.positions)
        and d.position between p.positions[1] and p.positions[cardinality(p.positions)]
      cross join lateral (select width_bucket(d.position, p.positions) as place) found
    ), picked as materialized (
      select replay_id, seq, nullif(next_position, ${NO_POSITION}) as next_position, position, subscription_id, case_id
      from by_consumer cross join unnest(seqs[handed + 1:], next_positions[handed + 1:], positions[handed + 1:],
        case_ids[handed + 1:]) as rest (seq, next_position, position, case_id)
      union all
      select replay_id, seq, nullif(next_position, ${NO_POSITION}), position, subscription_id, case_id
      from handing cross join unnest(seqs, next_positions, positions, case_ids)
        as unseen (seq, next_position, position, case_id)
      where (select count(*) from seen) < (select sum(cardinality(seqs)) from handing)
        and seq not in (select seq from seen)
    ), locked as materialized (
      select p.*, d.status, d.settled_at, d.generation, d.attempts, d.started_at, d.duration_us
      from picked p join deliveries d on d.position = p.position and d.subscription_id = p.subscription_id
      order by d.position, d.subscription_id for update of d skip locked
    ), judged as materialized (
      select replay_id, seq, next_position, position, subscription_id, case_id, true as is_handed_over, type_id, status, generation,
        null::int as attempts, null::timestamptz as started_at, null::bigint as duration_us,
        case
          when status in (${STATUS.succeeded}, ${STATUS.discarded}) then 'skipped'
          when status <> ${STATUS.dead}
            or (position, subscription_id) in (select position, subscription_id from handed_elsewhere) then 'elsewhere'
          else 'started'
        end as verdict
      from seen
      union all
      select k.replay_id, k.seq, k.next_position, k.position, k.subscription_id, k.case_id, false, null, k.status, k.generation,
        k.attempts, k.started_at, k.duration_us,
        case
          when k.status = ${STATUS.discarded} or l.status = ${LETTER_STATUS.discarded} then 'skipped'
          when (k.position, k.subscription_id) in (select position, subscription_id from handed_elsewhere)
            then 'elsewhere'
          when k.status = ${STATUS.dead} then 'started'
          when k.status <> ${STATUS.succeeded} then 'elsewhere'
          when ${handledAfterUs}::bigint is null
            or k.settled_at > to_timestamp(${handledAfterUs}::bigint / 1e6) then 'skipped'
          else 'started'
        end as verdict
      from locked k left join unresolved_letters l on l.position = k.position and l.subscription_id = k.subscription_id
      union all
      select replay_id, seq, next_position, position, subscription_id, case_id, false, null, null, null, null, null, null,
        case when exists (
          select from deliveries o where o.position = p.position and o.subscription_id = p.subscription_id)
          then 'elsewhere' else 'gone' end
      from picked p where seq not in (select seq from locked)
    ), kept as (
      insert into attempts (position, subscription_id, generation, attempt, started_at, duration_us, outcome)
      select position, subscription_id, generation, attempts, started_at, duration_us, ${ATTEMPT_OUTCOME.succeeded}
      from judged where verdict = 'started' and status = ${STATUS.succeeded} and attempts > 0 and started_at is not null
      on conflict do nothing
    ), startable as (
      select position, subscription_id, row_number() over (partition by subscription_id order by seq) as nth
      from judged where verdict = 'started' and not is_handed_over
    ), due as (
      update deliveries d set generation = d.generation + 1, settled_at = null, attempt_limit = ${attemptLimit},
        status = case when c.is_now then ${STATUS.processing}::smallint else ${STATUS.pending}::smallint end,
        attempts = case when c.is_now then 1 else 0 end,
        next_attempt_at = case when not c.is_now then now() end,
        lease_until = case when c.is_now then now() + ${leaseMs}::int * interval '1 millisecond' end,
        worker = case when c.is_now then ${worker}::uuid end,
        ordering_key = case when s.ordering = 'key' then (select e.partition_key from events e where e.position = d.position) end
      from startable j join subscriptions s on s.id = j.subscription_id
      left join rooms r on r.subscription_id = j.subscription_id and not r.is_handed_over
      cross join lateral (select s.ordering = 'none' and j.nth <= coalesce(r.room, 0) as is_now) c
      where d.position = j.position and d.subscription_id = j.subscription_id
      returning d.position, d.subscription_id, d.generation, d.attempts, d.type_id, d.status
    ), handed as (
      insert into handed_stretches (replay_id, subscription_id, generation, seqs, first_position, last_position, worker,
        lease_until)
      select replay_id, subscription_id, generation + 1,
        case when last_seq - first_seq + 1 = items then int4multirange(int4range(first_seq, last_seq, '[]')) else (
          select range_agg(int4range(seq, seq, '[]')) from judged j
          where verdict = 'started' and is_handed_over and j.subscription_id = s.subscription_id and j.generation = s.generation) end,
        first_position, last_position, ${worker}::uuid, now() + ${leaseMs}::int * interval '1 millisecond'
      from (
        select replay_id, subscription_id, generation, count(*) as items, min(seq) as first_seq, max(seq) as last_seq,
          min(position) as first_position, max(position) as last_position
        from judged where verdict = 'started' and is_handed_over group by replay_id, subscription_id, generation) s
      returning id, subscription_id, generation
    ), opened as (
      insert into open_items (replay_id, state, seq, position, subscription_id, next_position, case_id, generation, started_at)
      select replay_id,
        case verdict when 'started' then ${ITEM_STATE.inFlight}::smallint else ${ITEM_STATE.held}::smallint end,
        seq, position, subscription_id, next_position, case_id,
        case verdict when 'started' then generation + 1 end, case verdict when 'started' then now() end
      from judged where verdict = 'elsewhere' or (verdict = 'started' and not is_handed_over)
    ), written as (
      insert into ended_items (replay_id, seq, position, subscription_id, ended_at, outcome)
      select replay_id, seq, position, subscription_id, now(),
        case verdict when 'skipped' then ${ITEM_OUTCOME["skipped-handled"]}::smallint
          else ${ITEM_OUTCOME.unknown}::smallint end
      from judged where verdict in ('skipped', 'gone')
    ), following as (
      insert into open_items (replay_id, state, seq, position, subscription_id, next_position, case_id)
      select i.replay_id, ${ITEM_STATE.waiting}, i.seq, i.position, i.subscription_id, i.next_position, i.case_id
      from judged j cross join ${itemBehind(tx, tx`j`)} i where j.verdict = 'skipped'
      on conflict do nothing
    ), claimed as (
      select position, subscription_id, generation, type_id, null::bigint as stretch, null::int as seq,
        null::bigint as next_position
      from due where status = ${STATUS.processing}
      union all
      select j.position, j.subscription_id, h.generation, j.type_id, h.id, j.seq, j.next_position
      from judged j join handed h on h.subscription_id = j.subscription_id and h.generation = j.generation + 1
      where j.verdict = 'started' and j.is_handed_over
    )
    select counts.*, now.*,
      (select coalesce(array_agg(distinct subscription_id), '{}') from due where status = ${STATUS.pending}) as due
    from (
        select count(*)::int as looked, (count(*) filter (where verdict = 'started'))::int as started,
          (count(*) filter (where verdict = 'skipped'))::int as skipped,
          (count(*) filter (where verdict = 'gone'))::int as gone from judged) counts,
      (select array_agg(position)::text as positions, ${listed(tx, "subscription_id")} as subscription_ids,
          ${listed(tx, "generation")} as generations, ${listed(tx, "type_id")} as type_ids, ${listed(tx, "stretch")} as stretches,
          array_agg(seq)::text as seqs, ${listed(tx, "next_position")} as next_positions from claimed) now`;
  if (!row) throw new Error("An aggregate gives a row.");
  const { looked, started, skipped, gone, due } = row;
  return {
    looked,
    started,
    skipped,
    gone,
    due,
    claimed: readClaimed(row, { replayId, attemptLimit, isEdited }),
  };
}

/** Of claimed deliveries, a text for each column: as rows of their own, they would take the driver longer than all else. */
type ClaimedColumns = Record<
  "positions" | "subscription_ids" | "generations" | "type_ids" | "stretches" | "seqs" | "next_positions",
  string | null
>;

/** All values of a column, or one where they are all the same. */
function listed(tx: SqlTx, name: string): ReturnType<Sql> {
  const column = tx(name);
  return tx`case when min(${column}) = max(${column}) and count(${column}) = count(*) then array[min(${column})]
    when count(${column}) > 0 then (select array_agg(${column}) from claimed) end::text`;
}

function readClaimed(
  columns: ClaimedColumns,
  {
    replayId,
    attemptLimit,
    isEdited,
  }: { replayId: number } & Pick<StartOptions, "attemptLimit" | "isEdited">,
): ClaimedRow[] {
  const subscriptionIds = reader(columns.subscription_ids);
  const generations = reader(columns.generations);
  const typeIds = reader(columns.type_ids);
  const stretches = reader(columns.stretches);
  const seqs = reader(columns.seqs);
  const nextPositions = reader(columns.next_positions);
  return read(columns.positions).map((position, index) => {
    const stretch = stretches(index);
    return {
      position,
      subscription_id: Number(subscriptionIds(index)),
      generation: Number(generations(index)),
      attempts: 1,
      type_id: Number(typeIds(index)),
      ordering_key: null,
      was_leased: false,
      attempt_limit: attemptLimit,
      handed:
        stretch === null
          ? null
          : {
              replayId,
              stretch,
              seq: Number(seqs(index)),
              nextPosition: nextPositions(index),
              delivery: "dead",
            },
      isUnedited: !isEdited,
    };
  });
}

function read(text: string | null): string[] {
  return text === null ? [] : text.slice(1, -1).split(",");
}

/** Gives the value of a row, by its index, in a column that has one value for all, or one for each. */
function reader(text: string | null): (index: number) => string | null {
  const values = read(text);
  const [first = null] = values;
  if (values.length <= 1) return () => first;
  return (index) => {
    const value = values[index] ?? "NULL";
    return value === "NULL" ? null : value;
  };
}
