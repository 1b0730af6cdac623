import type { EventEnvelope } from "#server/domain/event.ts";
import type { Sql } from "../db.ts";
import { eventJson } from "./event-json.ts";
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
  | { kind: "version-conflict"; actualVersion: number }
  /** An identity of its events is taken, by itself sent before or by something else. */
  | { kind: "identity-taken" };

const ANY_VERSION = -1;

/**
 * Decides and stores many appends in one transaction, in order, each by itself: one that loses leaves nothing behind
 * and harms no other. No identity may stand in two of them.
 *
 * None of their identities may be in the sealed runs, which the writer knows up to `knownTo`.
 *
 * Rejects with a unique violation (23505) when an identity is taken while it works, with a check violation (23514) when
 * the partition is missing, and with `SEALED_SINCE` when there are later runs; nothing is stored then.
 */
export async function appendToStreams(
  sql: Sql,
  appends: readonly NewStreamEvents[],
  ids: NameIds,
  knownTo: number,
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
  const identities: string[] = [];
  const owners: number[] = [];
  const batch: unknown[] = [];
  for (const [index, { events }] of appends.entries()) {
    for (const [place, { identity, event }] of events.entries()) {
      identities.push(identity);
      owners.push(index + 1);
      batch.push({ append: index + 1, place, identity, ...eventJson(event, ids) });
    }
  }
  const expected = appends.map((one) => one.expected ?? ANY_VERSION);
  const counts = appends.map(({ events }) => events.length);
  const rows = await sql<{ outcome: number; version: number; first_position: string }[]>`
    select outcome, version, first_position from append_to_streams(
      ${typeIds}::int[], ${aggregateIds}::text[], ${slotOf}::int[], ${expected}::int[], ${counts}::int[],
      ${identities}::uuid[], ${owners}::int[], ${JSON.stringify(batch)}::text::json, ${knownTo})`;
  return rows.map(({ outcome, version, first_position }) => {
    if (outcome === 2) return { kind: "identity-taken" };
    if (outcome === 1) return { kind: "version-conflict", actualVersion: version };
    return { kind: "appended", firstVersion: version, firstPosition: first_position };
  });
}
