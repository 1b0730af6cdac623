import type { EventEnvelope } from "#server/domain/event.ts";
import type { Sql } from "../db.ts";
import { eventJson } from "./event-json.ts";
import type { Knowledge } from "./event-writing.ts";
import type { InternedField } from "./interned-names.ts";

type NameIds = (field: InternedField, name: string | null) => number | null;

/** Events for the end of one stream, as they go to the database. */
export type NewStreamEvents = {
  type: string;
  aggregateId: string;
  /** The version that the stream must be at: 0 for one that doesn't exist, null for whatever it is. */
  expected: number | null;
  events: readonly { identity: string; event: EventEnvelope }[];
};

export type StreamAppendRow =
  | { kind: "appended"; firstVersion: number; firstPosition: string }
  | { kind: "version-conflict"; actualVersion: number };

const ANY_VERSION = -1;

/**
 * Decides and stores many appends in one transaction, in order, each by itself: one that loses leaves nothing behind
 * and harms no other. No identity may stand in two of them, and none may be taken, as far as the writer knows.
 *
 * Rejects with a check violation (23514) when the partition is missing, with `SEALED_SINCE` when there are later runs
 * and with `TURN_OVER` when others may have appended; nothing is stored then.
 */
export async function appendToStreams(
  sql: Sql,
  appends: readonly NewStreamEvents[],
  ids: NameIds,
  { knownTo, turn }: Knowledge,
): Promise<StreamAppendRow[]> {
  const slots = new Map<string, number>();
  const typeIds: number[] = [];
  const aggregateIds: string[] = [];
  const slotOf = appends.map(({ type, aggregateId }) => {
    const key = `${type}\n${aggregateId}`;
    const known = slots.get(key);
    if (known !== undefined) return known;
    typeIds.push(ids("aggregate-type", type) ?? 0);
    slots.set(key, aggregateIds.push(aggregateId));
    return aggregateIds.length;
  });
  const batch: unknown[] = [];
  for (const [index, { events }] of appends.entries()) {
    for (const [place, { identity, event }] of events.entries()) {
      batch.push({ append: index + 1, place, identity, ...eventJson(event, ids) });
    }
  }
  const expected = appends.map((one) => one.expected ?? ANY_VERSION);
  const counts = appends.map(({ events }) => events.length);
  const rows = await sql<{ outcome: number; version: number; first_position: string }[]>`
    select outcome, version, first_position from append_to_streams(
      ${typeIds}::int[], ${aggregateIds}::text[], ${slotOf}::int[], ${expected}::int[], ${counts}::int[],
      ${JSON.stringify(batch)}::text::json, ${knownTo}, ${turn})`;
  return rows.map(({ outcome, version, first_position }) => {
    if (outcome === 1) return { kind: "version-conflict", actualVersion: version };
    return { kind: "appended", firstVersion: version, firstPosition: first_position };
  });
}
