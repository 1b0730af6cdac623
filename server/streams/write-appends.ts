import type { Sql } from "#drizzle/db.ts";
import { appendToStreams, type StreamAppendRow } from "#drizzle/queries/stream-writing.ts";
import { isSameContent } from "#server/domain/envelope/compare.ts";
import { listEnvelopes } from "../events/envelopes.ts";
import { type Claim, StoredIdentities } from "../identities/stored-identities.ts";
import type { NameCache } from "../names/name-cache.ts";
import { wantedNames } from "../names/wanted-names.ts";
import type { StreamAppend, StreamWriteOutcome } from "./stream-append.ts";

const MAX_TRIES = 8;

const TAKEN = { kind: "identity-taken" } as const;

/** What became of an append: as the database decided, or some of its identities are taken, by itself sent before or by something else. */
type Row = StreamAppendRow | typeof TAKEN;

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

/** Writes those whose identities nobody has, and looks closer at the others behind it. */
async function writeOnce(
  sql: Sql,
  names: NameCache,
  identities: StoredIdentities,
  appends: StreamAppend[],
): Promise<Row[]> {
  const rows = new Map<StreamAppend, Row>();
  /** Up to where it is known of an append that none of it is among the newest. */
  const checkedTo = new Map<StreamAppend, number>();
  for (let [open, tries] = [appends, 0]; open.length > 0; ) {
    const claims = await identities.claim(
      open.map((append) => {
        const wanted = identitiesOf(append);
        return { identities: wanted, checkedTo: wanted.map(() => checkedTo.get(append) ?? 0) };
      }),
    );
    const claimed: Claimed[] = [];
    const doubtful: StreamAppend[] = [];
    for (const [index, claim] of claims.entries()) {
      const append = open[index] ?? neverDecided();
      if (claim.fresh.length === append.events.length) claimed.push({ append, claim });
      else {
        claim.giveUp();
        if (identitiesOf(append).some((one) => claim.taken.has(one))) rows.set(append, TAKEN);
        else doubtful.push(append);
      }
    }
    const failure = claimed.length === 0 ? null : await store(sql, names, identities, claimed, rows);
    tries = failure === null ? 0 : tries + 1;
    if (tries >= MAX_TRIES) throw failure;
    for (const append of doubtful) {
      const looked = await identities.listTakenSince(identitiesOf(append));
      if (looked.taken.size > 0) rows.set(append, TAKEN);
      checkedTo.set(append, looked.checkedTo);
    }
    open = open.filter((append) => !rows.has(append));
  }
  return appends.map((append) => rows.get(append) ?? neverDecided());
}

type Claimed = { append: StreamAppend; claim: Claim };

/** @returns what it failed of, if it can be tried again. */
async function store(
  sql: Sql,
  names: NameCache,
  identities: StoredIdentities,
  claimed: readonly Claimed[],
  rows: Map<StreamAppend, Row>,
): Promise<unknown> {
  try {
    const appends = claimed.map(({ append }) => append);
    const events = appends.flatMap((append) => append.events.map(({ event }) => event));
    const ids = await names.ensure(wantedNames(events));
    const decided = await appendToStreams(sql, appends, ids, claimed[0]?.claim.known ?? neverDecided());
    for (const [index, { append, claim }] of claimed.entries()) {
      const row = decided[index] ?? neverDecided();
      rows.set(append, row);
      if (row.kind === "appended") claim.settle(Number(row.firstPosition));
      else claim.giveUp();
    }
    return null;
  } catch (error) {
    for (const { claim } of claimed) claim.giveUp(error);
    await identities.recover(error);
    return error;
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
  row: Row,
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
