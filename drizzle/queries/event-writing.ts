import { copyInTurn } from "../copy-binary.ts";
import type { Sql, SqlTx } from "../db.ts";
import { eventsJson } from "./event-json.ts";
import { EVENT_COLUMNS, eventRows, identityRows, type NewEvent, type PositionOf } from "./event-rows.ts";
import type { InternedField } from "./interned-names.ts";

type NameIds = (field: InternedField, name: string | null) => number | null;

/**
 * Up to here one statement stores a batch, and from here on COPY does. The statement takes one round trip instead of
 * two, but Postgres has to parse JSON: measured, both cost the same processor time at 8 events, and at 64 COPY costs
 * half as much.
 */
const MAX_IN_STATEMENT = 12;

export const COPY_IDENTITIES = "copy identity_batches (first, prefixes) from stdin (format binary)";
const COPY_EVENTS = `copy events (${EVENT_COLUMNS}) from stdin (format binary)`;

/** The state of an error that says that identities were sealed in a run which the writer does not know. */
export const SEALED_SINCE = "NG001";
/** The state of an error that says that another process has taken the turn to append. */
export const TURN_OVER = "NG002";

/** What a writer knows when it appends: all runs up to the position `knownTo`, and all appends before its turn. */
export type Knowledge = { knownTo: number; turn: number | null };

/** Of whoever is alone with a database in which nothing was sealed. */
const ALONE: Knowledge = { knownTo: 0, turn: null };

/**
 * Stores events in one transaction, at consecutive positions, and gives the first. Until the transaction ends, no
 * reader passes them. None of their identities may be taken, as far as the writer knows.
 *
 * Rejects with a check violation (23514) when the partition is missing, with `SEALED_SINCE` when there are later runs and
 * with `TURN_OVER` when others may have appended; nothing is stored then.
 */
export async function appendNewEvents(
  sql: Sql,
  events: readonly NewEvent[],
  ids: NameIds,
  known: Knowledge,
): Promise<number> {
  const isFew = events.length <= MAX_IN_STATEMENT;
  return isFew ? insertEvents(sql, events, ids, known) : copyEvents(sql, events, ids, known);
}

/** One statement. */
export async function insertEvents(
  sql: Sql | SqlTx,
  events: readonly NewEvent[],
  ids: NameIds,
  { knownTo, turn }: Knowledge = ALONE,
): Promise<number> {
  const rows = eventsJson(events, ids);
  const [row] = await sql<{ first: string }[]>`
    select append_events(${rows}::text::json, ${knownTo}, ${turn}) as first`;
  return Number(row?.first);
}

/** Two binary COPYs. */
export async function copyEvents(
  sql: Sql,
  events: readonly NewEvent[],
  ids: NameIds,
  { knownTo, turn }: Knowledge = ALONE,
): Promise<number> {
  let first = 0;
  const begin = `select begin_append(${events.length}, ${knownTo}, ${turn}) as first`;
  await copyInTurn<{ first: string }>(sql, [begin, COPY_IDENTITIES, COPY_EVENTS], (row) => {
    first = Number(row?.first);
    return rowsOf(events, (index) => first + index, ids);
  });
  return first;
}

/**
 * Stores events at positions that the caller chose, as a copy of another log needs it; no reader waits for them. Their
 * partitions must be there, and nothing may be sealed meanwhile.
 */
export async function copyEventsTo(
  sql: Sql,
  events: readonly NewEvent[],
  positionOf: PositionOf,
  ids: NameIds,
): Promise<void> {
  await copyInTurn(sql, [COPY_IDENTITIES, COPY_EVENTS], () => rowsOf(events, positionOf, ids));
}

function rowsOf(events: readonly NewEvent[], positionOf: PositionOf, ids: NameIds): (() => Buffer)[] {
  return [() => identityRows(events, positionOf), () => eventRows(events, positionOf, ids)];
}

/** Makes the partitions for the days around now, so that an append never finds none. */
export async function ensureEventPartitions(sql: Sql): Promise<void> {
  await sql`select ensure_event_partition(now()), ensure_event_partition(now() + interval '1 day')`;
}
