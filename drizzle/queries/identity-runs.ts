import { eventIdentity } from "#server/domain/envelope/identity.ts";
import type { Sql } from "../db.ts";

/** A look for an identity into one run. */
export type Suspect = { run: number; identity: string };

/** Bytes of an entry in a block: the first half of its identity, and its position. */
const ENTRY_BYTES = 16;
const PREFIX_BYTES = 8;
/** Blocks of about two kilobytes that are read at once. */
const LOOKED_UP_AT_ONCE = 500;
/** Pieces of a filter that are read at once. */
const PIECES_AT_ONCE = 8;

/** The runs of sealed identities, oldest first: each by its last position. */
export async function listRuns(sql: Sql): Promise<number[]> {
  const rows = await sql<{ last: string }[]>`select last from identity_runs order by last`;
  return rows.map(({ last }) => Number(last));
}

/** The bytes of a run's filter; null when retention has removed the run. Throws where some of them are missing. */
export async function readFilter(sql: Sql, run: number): Promise<ArrayBuffer | null> {
  let bytes: Uint8Array<ArrayBuffer> | null = null;
  let at = 0;
  const rows = sql<{ total: number; bits: Uint8Array | null }[]>`
    select filter_bytes as total, bits from identity_runs left join identity_filters on run = last
    where last = ${run} order by piece`.cursor(PIECES_AT_ONCE);
  for await (const some of rows) {
    for (const { total, bits } of some) {
      bytes ??= new Uint8Array(total);
      if (bits === null) continue;
      bytes.set(bits, at);
      at += bits.length;
    }
  }
  if (bytes === null) return null;
  if (at !== bytes.length) throw new Error(`The filter of the sealed identities up to ${run} is not whole.`);
  return bytes.buffer;
}

/**
 * Which of these identities their runs hold, and at which position; the newest, where it is in several. One whose event
 * is not stored any more is not there: nobody took it out of its run.
 */
export async function listSealedIdentities(
  sql: Sql,
  suspects: readonly Suspect[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let from = 0; from < suspects.length; from += LOOKED_UP_AT_ONCE) {
    const candidates = await listCandidates(sql, suspects.slice(from, from + LOOKED_UP_AT_ONCE));
    if (candidates.length === 0) continue;
    const stored = await listIdentitiesAt(sql, [...new Set(candidates.map(({ position }) => position))]);
    for (const { identity, position } of candidates) {
      const isNewer = Number(position) > Number(found.get(identity) ?? 0);
      if (stored.get(position) === identity && isNewer) found.set(identity, position);
    }
  }
  return found;
}

async function listCandidates(sql: Sql, suspects: readonly Suspect[]) {
  const rows = await sql<{ place: number; entries: Uint8Array }[]>`
    select wanted.place::int, block.entries
    from unnest(${suspects.map(({ run }) => run)}::bigint[], ${suspects.map(({ identity }) => identity)}::uuid[])
      with ordinality wanted (run, identity, place)
    cross join lateral (
      select entries from identity_blocks b where b.run = wanted.run and b.first <= wanted.identity
      order by b.first desc limit 1
    ) block`;
  return rows.flatMap(({ place, entries }) => {
    const identity = suspects[place - 1]?.identity ?? "";
    return positionsIn(entries, identity).map((position) => ({ identity, position }));
  });
}

function positionsIn(entries: Uint8Array, identity: string): string[] {
  const { buffer, byteOffset, byteLength } = entries;
  const view = new DataView(buffer, byteOffset, byteLength);
  const prefix = BigInt(`0x${identity.replaceAll("-", "").slice(0, PREFIX_BYTES * 2)}`);
  const positions: string[] = [];
  for (let at = 0; at < byteLength; at += ENTRY_BYTES) {
    if (view.getBigUint64(at) === prefix) positions.push(String(view.getBigInt64(at + PREFIX_BYTES)));
  }
  return positions;
}

/** The identities of the events that are stored at these positions, worked out again. */
export async function listIdentitiesAt(sql: Sql, positions: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql<{ position: string; id: string; source: string }[]>`
    select position, events.id, interned_names.name as source
    from events join interned_names on interned_names.id = source_id
    where position = any(${[...positions]}::bigint[])`;
  return new Map(rows.map(({ position, id, source }) => [position, eventIdentity(source, id)]));
}
