import type { Sql } from "#drizzle/db.ts";
import { ensureEventPartitions, SEALED_SINCE } from "#drizzle/queries/event-writing.ts";
import { appendToStreams, type StreamAppendRow } from "#drizzle/queries/stream-writing.ts";
import { isSameContent } from "#server/domain/envelope/compare.ts";
import { listEnvelopes } from "../events/envelopes.ts";
import { StoredIdentities } from "../identities/stored-identities.ts";
import type { NameCache } from "../names/name-cache.ts";
import { wantedNames } from "../names/wanted-names.ts";
import type { StreamAppend, StreamWriteOutcome } from "./stream-append.ts";

/** An identity was taken while the batch was under way, two transactions hindered each other, or a day had no partition. */
const UNIQUE_VIOLATION = "23505";
const SERIALIZATION = new Set(["40001", "40P01"]);
const NO_PARTITION = "23514";
const MAX_TRIES = 8;

const TAKEN: StreamAppendRow = { kind: "identity-taken" };

/**
 * Makes the writer of the streams' buffer: one transaction decides and stores a batch of appends in the order of
 * their arrival, each by itself.
 */
export function createAppendWriter(sql: Sql, names: NameCache, identities = new StoredIdentities(sql)) {
  return async function writeAppends(appends: StreamAppend[]): Promise<StreamWriteOutcome[]> {
    const outcomes = new Map<StreamAppend, StreamWriteOutcome>();
    for (let waiting = appends; waiting.length > 0; ) {
      const { now, later } = partByIdentity(waiting);
      const rows = await writeOnce(sql, names, identities, now);
      for (const [index, append] of now.entries()) {
        const row = rows[index];
        if (row) outcomes.set(append, await outcomeOf(sql, names, identities, append, row));
      }
      waiting = later;
    }
    return appends.map((append) => outcomes.get(append) ?? neverDecided());
  };
}

/** An append that shares an identity with an earlier one waits until that one is stored: it may be its repeat. */
function partByIdentity(appends: StreamAppend[]): { now: StreamAppend[]; later: StreamAppend[] } {
  const seen = new Set<string>();
  const now: StreamAppend[] = [];
  const later: StreamAppend[] = [];
  for (const append of appends) {
    const isFirst = append.events.every(({ identity }) => !seen.has(identity));
    for (const { identity } of append.events) seen.add(identity);
    (isFirst ? now : later).push(append);
  }
  return { now, later };
}

async function writeOnce(
  sql: Sql,
  names: NameCache,
  identities: StoredIdentities,
  appends: StreamAppend[],
): Promise<StreamAppendRow[]> {
  const ids = await names.ensure(
    wantedNames(appends.flatMap(({ events }) => events.map((one) => one.event))),
  );
  for (let tries = 1; ; tries += 1) {
    const knownTo = identities.sealedTo;
    const sealed = await identities.listSealed(appends.flatMap(identitiesOf));
    const isTaken = (append: StreamAppend) => identitiesOf(append).some((one) => sealed.has(one));
    try {
      const open = sealed.size === 0 ? appends : appends.filter((append) => !isTaken(append));
      const rows = (open.length === 0 ? [] : await appendToStreams(sql, open, ids, knownTo)).values();
      return appends.map((append): StreamAppendRow => {
        const row = sealed.size > 0 && isTaken(append) ? TAKEN : rows.next().value;
        return row ?? neverDecided();
      });
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (tries >= MAX_TRIES) throw error;
      if (code === NO_PARTITION) await ensureEventPartitions(sql);
      else if (code === SEALED_SINCE) await identities.refresh();
      else if (code !== UNIQUE_VIOLATION && !SERIALIZATION.has(code)) throw error;
    }
  }
}

function identitiesOf({ events }: StreamAppend): string[] {
  return events.map(({ identity }) => identity);
}

async function outcomeOf(
  sql: Sql,
  names: NameCache,
  identities: StoredIdentities,
  append: StreamAppend,
  row: StreamAppendRow,
): Promise<StreamWriteOutcome> {
  if (row.kind === "version-conflict") return row;
  if (row.kind === "identity-taken") return findRepeat(sql, names, identities, append);
  const { firstVersion, firstPosition } = row;
  const positions = append.events.map((_, place) => String(Number(firstPosition) + place));
  return { kind: "appended", firstVersion, positions, isRepeat: false };
}

/** Whether just these events stand in the stream one after the other, so that this append is one sent before. */
async function findRepeat(
  sql: Sql,
  names: NameCache,
  identities: StoredIdentities,
  append: StreamAppend,
): Promise<StreamWriteOutcome> {
  const taken = await identities.listTaken(identitiesOf(append));
  const stored = await listEnvelopes(sql, names, [...taken.values()]);
  const positions: string[] = [];
  const foreign: string[] = [];
  let firstVersion: number | null = null;
  for (const [place, { identity, event }] of append.events.entries()) {
    const position = taken.get(identity);
    if (position === undefined) continue;
    const original = stored.get(position);
    const version: number | null = original?.aggregateVersion ?? null;
    if (place === 0) firstVersion = version;
    const isSame =
      original !== undefined &&
      firstVersion !== null &&
      version === firstVersion + place &&
      isSameContent(original, { ...event, aggregateVersion: version });
    if (isSame) positions.push(position);
    else foreign.push(event.id);
  }
  const isRepeat = firstVersion !== null && positions.length === append.events.length;
  if (isRepeat && firstVersion !== null) return { kind: "appended", firstVersion, positions, isRepeat };
  const some = append.events.filter(({ identity }) => taken.has(identity)).map(({ event }) => event.id);
  return { kind: "identity-conflict", ids: foreign.length > 0 ? foreign : some };
}

function neverDecided(): never {
  throw new Error("An append of the batch was left without an outcome.");
}
