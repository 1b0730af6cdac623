import type { Sql, SqlTx } from "../db.ts";
import { readInLogOrder } from "./event-log.ts";
import type { FlowRow } from "./flow-records.ts";

const EVENTS = "sagas";
const LETTERS = "saga-letters";

/** Where the recognition stands, held for this transaction; null when another process is at it. */
export async function claimSagaPositions(tx: SqlTx): Promise<{ position: string; letters: string } | null> {
  const [row] = await tx<{ position: string }[]>`
    select position from checkpoints where name = ${EVENTS} for update skip locked`;
  if (row === undefined) return null;
  const [letters] = await tx<
    { position: string }[]
  >`select position from checkpoints where name = ${LETTERS}`;
  return { position: row.position, letters: letters?.position ?? "0" };
}

/** Waits for whoever recognises, and lets nobody until the transaction ends. */
export async function lockSagas(tx: SqlTx): Promise<void> {
  await tx`select from checkpoints where name = ${EVENTS} for update`;
}

/** Events up to here were looked at; null before any round. */
export async function findSagaPosition(sql: Sql | SqlTx): Promise<string | null> {
  const [row] = await sql<{ position: string }[]>`select position from checkpoints where name = ${EVENTS}`;
  return row?.position ?? null;
}

export async function moveSagaPositions(
  tx: SqlTx,
  { position, letters }: { position: string; letters: string },
): Promise<void> {
  await tx`
    update checkpoints set position = case name when ${EVENTS} then ${position}::bigint else ${letters}::bigint end,
      updated_at = now()
    where name in (${EVENTS}, ${LETTERS})`;
}

/** The position of the last of the next `limit` events; null where there are fewer up to the position. */
export async function findChunkEnd(
  tx: SqlTx,
  { after, upTo, limit }: { after: string; upTo: string; limit: number },
): Promise<string | null> {
  const end = () => tx<{ position: string }[]>`
    select position from events where position > ${after} and position <= ${upTo}
    order by position offset ${limit - 1} limit 1`;
  const [row] = await readInLogOrder(tx, end);
  return row?.position ?? null;
}

export type TouchedFlow = { value: string; events: number };

/**
 * Correlation ids of the events in a range. One that came with nothing but one event that has no cause, and begins no
 * known saga, is left out as long as nothing else of its flow is there: so what is no flow is never read again.
 *
 * @param startTypes ids of the types that begin declared processes
 */
export async function listTouchedFlows(
  tx: SqlTx,
  { after, upTo, startTypes }: { after: string; upTo: string; startTypes: readonly number[] },
): Promise<TouchedFlow[]> {
  return tx<TouchedFlow[]>`
    with touched as materialized (
      select correlation_id, count(*)::int as events, min(position) as first,
        bool_or(causation_id is not null or type_id = any(${[...startTypes]}::int[]) or exists (
          select from saga_starts s join saga_types t on t.id = s.type_id
          where event_type_id = events.type_id and s.source_id = events.source_id and is_process)) as matters
      from events where position > ${after} and position <= ${upTo} and correlation_id <> ''
      group by correlation_id
    )
    select correlation_id as value, events from touched
    where matters or events > 1 or exists (
      select from events e
      where hashtextextended(e.correlation_id, 0) = hashtextextended(touched.correlation_id, 0)
        and e.correlation_id = touched.correlation_id and e.position < touched.first)`;
}

export type LooseEventRow = {
  position: string;
  type_id: number;
  is_caused: boolean;
  begins: boolean;
  correlation_id: string | null;
  traceparent: string | null;
};

/** Events in a range that have no correlation id: those with a `traceparent`, or of some types. */
export async function listLooseEvents(
  tx: SqlTx,
  { after, upTo, typeIds }: { after: string; upTo: string; typeIds: readonly number[] },
): Promise<LooseEventRow[]> {
  return tx<LooseEventRow[]>`
    select ${looseColumns(tx)} from events
    where position > ${after} and position <= ${upTo} and coalesce(correlation_id, '') = ''
      and (traceparent is not null or type_id = any(${[...typeIds]}::int[]))`;
}

/** The same columns of events by position. */
export async function listLooseEventsAt(tx: SqlTx, positions: readonly string[]): Promise<LooseEventRow[]> {
  return tx<LooseEventRow[]>`
    select ${looseColumns(tx)} from events where position = any(${[...positions]}::bigint[])`;
}

function looseColumns(tx: SqlTx) {
  return tx`position, type_id, causation_id is not null as is_caused, correlation_id, traceparent, exists (
    select from saga_starts s join saga_types t on t.id = s.type_id
    where event_type_id = events.type_id and s.source_id = events.source_id and is_process) as begins`;
}

/** Ids of the types with an event in a range that has no correlation id. */
export async function listLooseTypes(
  tx: SqlTx,
  { after, upTo }: { after: string; upTo: string },
): Promise<number[]> {
  const rows = await tx<{ type_id: number }[]>`
    select distinct type_id from events
    where position > ${after} and position <= ${upTo} and coalesce(correlation_id, '') = ''`;
  return rows.map(({ type_id }) => type_id);
}

/** Payloads of JSON by position, but for those of more bytes. */
export async function listPayloads(
  tx: SqlTx,
  positions: readonly string[],
  maxBytes: number,
): Promise<Map<string, string>> {
  const rows = await tx<{ position: string; text: string }[]>`
    select position, data_text as text from events
    where position = any(${[...positions]}::bigint[]) and data_encoding = 1 and octet_length(data_text) <= ${maxBytes}`;
  return new Map(rows.map(({ position, text }) => [position, text]));
}

export type MemberRow = FlowRow & { position: string };

export async function insertMembers(tx: SqlTx, members: readonly MemberRow[]): Promise<void> {
  await tx`
    insert into flow_members (correlation_kind, correlation, position)
    select * from unnest(${members.map(({ kind }) => kind)}::smallint[], ${members.map(({ value }) => value)}::text[],
      ${members.map(({ position }) => position)}::bigint[])
    on conflict (position) do nothing`;
}

/** The flows that some events were found to belong to by their trace or payload. */
export async function listFlowsOfMembers(tx: SqlTx, positions: readonly string[]): Promise<MemberRow[]> {
  return tx<MemberRow[]>`
    select correlation_kind as kind, correlation as value, position from flow_members
    where position = any(${[...positions]}::bigint[])`;
}

/** Places of those flows, by trace or payload, that have more than one event. */
export async function listJoinedFlows(tx: SqlTx, flows: readonly FlowRow[]): Promise<number[]> {
  const rows = await tx<{ place: number }[]>`
    select place::int - 1 as place
    from unnest(${flows.map(({ kind }) => kind)}::int[], ${flows.map(({ value }) => value)}::text[])
      with ordinality as flow (kind, value, place)
    where 1 < (
      select count(*) from (
        select from flow_members m
        where hashtextextended(m.correlation, 0) = hashtextextended(flow.value, 0) and m.correlation = flow.value
          and m.correlation_kind = flow.kind limit 2) two)`;
  return rows.map(({ place }) => place);
}

/** Events whose delivery died, by the numbers of the letters: the next `limit` after one. */
export async function listNewLetters(
  tx: SqlTx,
  after: string,
  limit: number,
): Promise<{ number: string; position: string }[]> {
  return tx<{ number: string; position: string }[]>`
    select number, position from dead_letters where number > ${after} order by number limit ${limit}`;
}
