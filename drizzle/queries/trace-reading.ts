import type { Sql, SqlTx } from "../db.ts";
import { LETTER_STATUS } from "./dead-letters.ts";
import { endOf } from "./ended-items.ts";
import { type FlowRow, ownPositions } from "./flow-records.ts";
import { handedWith } from "./handed-stretches.ts";
import { ITEM_STATE, itemState } from "./open-items.ts";
import { itemsOf } from "./replay-parts.ts";

export type ListedSagaRow = {
  id: string;
  type: string;
  name: string;
  business_key: string | null;
};

/** The saga of this id, as far as a trace shows it; null where none was recognised. */
export async function findListedSaga(sql: Sql, id: string): Promise<ListedSagaRow | null> {
  const [row] = await sql<ListedSagaRow[]>`
    select s.id, t.type, t.name, s.business_key from sagas s join saga_types t on t.id = s.type_id
    where s.id = ${id}`;
  return row ?? null;
}

export type RunOfFlowRow = { id: string; name: string; business_key: string; start_position: string };

const MAX_RUNS = 100;

/** Runs of declared processes in a flow, the oldest first. */
export async function listRunsOfFlow(sql: Sql, correlationId: string): Promise<RunOfFlowRow[]> {
  return sql<RunOfFlowRow[]>`
    select id, name, business_key, start_position from processes
    where hashtextextended(correlation_id, 0) = hashtextextended(${correlationId}, 0)
      and correlation_id = ${correlationId}
    order by start_position limit ${MAX_RUNS}`;
}

export type RunTransitionRow = { sequence: number; kind: string; step: string | null; at_us: string };

/** The history of a run in its order, the first `limit` entries. */
export async function listRunTransitions(sql: Sql, id: string, limit: number): Promise<RunTransitionRow[]> {
  return sql<RunTransitionRow[]>`
    select sequence, kind, step, (extract(epoch from at) * 1000000)::bigint as at_us from process_transitions
    where process_id = ${id} order by sequence limit ${limit}`;
}

export type FlowLetterRow = {
  position: string;
  subscription_id: number;
  consumer: string;
  status: number;
  case_id: number | null;
  first_died_us: string;
};

/** The dead letters of the first events of a flow. */
export async function listLettersOfFlow(sql: Sql, flow: FlowRow, limit: number): Promise<FlowLetterRow[]> {
  const { own, isOwn } = ownPositions(sql, [flow], limit);
  return sql<FlowLetterRow[]>`
    with ${own}
    select l.position, l.subscription_id, s.consumer, l.status, l.case_id,
      (extract(epoch from l.first_died_at) * 1000000)::bigint as first_died_us
    from dead_letters_with_status l join subscriptions s on s.id = l.subscription_id
    where ${isOwn(sql`l.position`)}
    order by l.position, s.consumer`;
}

const MAX_LETTERS = 20;

/** The dead letters of some commands of a flow that are parked or delivered again, newest first. */
export async function listLettersOfCommands(
  tx: SqlTx,
  { correlationId, ids }: { correlationId: string; ids: readonly string[] },
): Promise<{ position: string; consumer: string; status: number }[]> {
  return tx<{ position: string; consumer: string; status: number }[]>`
    select l.position, s.consumer, l.status
    from events command join dead_letters_with_status l on l.position = command.position
    join subscriptions s on s.id = l.subscription_id
    where hashtextextended(command.correlation_id, 0) = hashtextextended(${correlationId}, 0)
      and command.correlation_id = ${correlationId} and command.id = any(${[...ids]}::text[])
      and l.status in (${LETTER_STATUS.parked}, ${LETTER_STATUS.replaying})
    order by l.position desc, s.consumer limit ${MAX_LETTERS}`;
}

export type LetterReplayRow = {
  position: string;
  subscription_id: number;
  replay_id: number;
  reason: string;
  state: number;
  outcome: number | null;
  started_us: string | null;
  ended_us: string | null;
};

/** The replays that letters were in, oldest first; of those that have ended, only where they delivered the letter. */
export async function listReplaysOfLetters(
  sql: Sql,
  letters: readonly { position: string; subscription_id: number }[],
): Promise<LetterReplayRow[]> {
  const positions = letters.map(({ position }) => position);
  const subscriptions = letters.map(({ subscription_id }) => subscription_id);
  return sql<LetterReplayRow[]>`
    select l.position, l.subscription_id, i.replay_id, r.reason, ${itemState(sql)} as state, e.outcome,
      (extract(epoch from coalesce(e.started_at, o.started_at, h.started_at, e.ended_at)) * 1000000)::bigint as started_us,
      (extract(epoch from e.ended_at) * 1000000)::bigint as ended_us
    from unnest(${positions}::bigint[], ${subscriptions}::int[]) as l (position, subscription_id)
    cross join ${itemsOf(sql, sql`l.position`, sql`l.subscription_id`)} i
    join replays r on r.id = i.replay_id
    left join ${endOf(sql)} on true
    left join open_items o on o.replay_id = i.replay_id and o.state = ${ITEM_STATE.inFlight} and o.seq = i.seq
    left join ${handedWith(sql)} on true
    where coalesce(o.started_at, h.started_at) is not null or e.outcome is not null or r.ended_at is null
    order by i.replay_id`;
}

/** Payloads of some events as they were written; those that are neither JSON nor text are left out. */
export async function listPayloadTexts(
  sql: Sql,
  positions: readonly string[],
): Promise<{ position: string; text: string }[]> {
  return sql<{ position: string; text: string }[]>`
    select position, data_text as text from events
    where position = any(${[...positions]}::bigint[]) and data_text is not null`;
}

/** The steps of the process maps of a type, of its last hours. */
export async function listStepsOfType(sql: Sql, type: string, hours: number): Promise<{ steps: unknown }[]> {
  return sql<{ steps: unknown }[]>`
    select map -> 'steps' as steps from saga_maps where type_id = (select id from saga_types where type = ${type})
    order by hour desc limit ${hours}`;
}
