import { connect, type Database, type Sql } from "#drizzle/db.ts";
import { copyEvents } from "#drizzle/queries/event-writing.ts";
import { listRuns, listSealedIdentities } from "#drizzle/queries/identity-runs.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { eventWith } from "#server/domain/envelope/testing/arbitrary-event.ts";
import type { WriteOutcome } from "../../ingest/append-outcome.ts";
import type { IngestEvent } from "../../ingest/ingest-event.ts";
import { createBatchWriter } from "../../ingest/write-batch.ts";
import { NameCache } from "../../names/name-cache.ts";
import { wantedNames } from "../../names/wanted-names.ts";
import { openTestStreams } from "../../streams/testing/open-streams.ts";
import { sealIdentitiesOnce } from "../seal-identities.ts";
import { StoredIdentities } from "../stored-identities.ts";

/** So few that a test reaches them: more than a hundred are sealed but for twenty. */
export const SEALING_LIMITS = { most: 100, keep: 20 };
/** A run takes whole batches: of so few that it can end where the limits say. */
const BATCH = 10;
export const SEALING_SOURCE = "/sealing";

/** A database, with processes that write to it and one that seals. */
export async function openSealing() {
  const store = await openTestStreams();
  const pools: Database[] = [];
  const openPool = (max = 4): Database => {
    const pool = connect(store.url, { max });
    pools.push(pool);
    return pool;
  };
  return {
    ...store,
    openPool,
    /** What a process of its own has: connections, and filters that it loads when it has to. */
    openProcess: (patienceMs?: number) => {
      const { sql } = openPool();
      const identities = new StoredIdentities(sql, patienceMs);
      const write = createBatchWriter(sql, new NameCache(sql), identities);
      const fill = (events: readonly IngestEvent[]) => writeInBatches({ write }, events);
      return { identities, write, fill };
    },
    /** Stores new events in small batches, as a process does that is alone. */
    append: async (events: readonly IngestEvent[]): Promise<void> => {
      const ids = await store.ctx.names.ensure(wantedNames(events.map(({ event }) => event)));
      const known = { knownTo: (await listRuns(store.sql)).at(-1) ?? 0, turn: null };
      for (const batch of inBatches(events)) await copyEvents(store.sql, batch, ids, known);
    },
    seal: (sql: Sql = store.sql, signal = new AbortController().signal) =>
      sealIdentitiesOnce({ sql, log: store.ctx.log }, signal, SEALING_LIMITS),
    count: async (table: string): Promise<number> => {
      const [row] = await store.sql<{ rows: number }[]>`
        select count(*)::int as rows from ${store.sql(table)}`;
      return row?.rows ?? Number.NaN;
    },
    /** Identities that are not taken out of where the newest stand. */
    countNewest: async (): Promise<number> => {
      const [row] = await store.sql<{ identities: number }[]>`
        select coalesce(sum(octet_length(prefixes)), 0)::int / 8 as identities from identity_batches`;
      return row?.identities ?? Number.NaN;
    },
    /** How many identities each run has. */
    listEntries: async (): Promise<number[]> => {
      const rows = await store.sql<{ entries: number }[]>`
        select entries::int from identity_runs order by last`;
      return rows.map(({ entries }) => entries);
    },
    /** The ids of those events that are found in a run. */
    listFound: async (events: readonly IngestEvent[]): Promise<string[]> => {
      const runs = await listRuns(store.sql);
      const suspects = events.flatMap(({ identity }) => runs.map((run) => ({ run, identity })));
      const found = await listSealedIdentities(store.sql, suspects);
      return events.filter(({ identity }) => found.has(identity)).map(({ event }) => event.id);
    },
    close: async () => {
      for (const pool of pools) await pool.close();
      await store.close();
    },
  };
}

export type TestSealing = Awaited<ReturnType<typeof openSealing>>;

export function reading(id: string, text = "{}"): IngestEvent {
  const event = eventWith({ id, source: SEALING_SOURCE }, { encoding: "json", text });
  return { event, identity: eventIdentity(SEALING_SOURCE, id) };
}

export function readings(prefix: string, count: number): IngestEvent[] {
  return Array.from({ length: count }, (_, n) => reading(`${prefix}-${n}`));
}

/** Writes events in small batches, one after the other. */
export async function writeInBatches(
  { write }: { write: (events: IngestEvent[]) => Promise<WriteOutcome[]> },
  events: readonly IngestEvent[],
): Promise<WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  for (const batch of inBatches(events)) outcomes.push(...(await write(batch)));
  return outcomes;
}

function inBatches(events: readonly IngestEvent[]): IngestEvent[][] {
  return Array.from({ length: Math.ceil(events.length / BATCH) }, (_, at) =>
    events.slice(at * BATCH, (at + 1) * BATCH),
  );
}

/** What becomes of events that are sent again. */
export function asDuplicates(outcomes: WriteOutcome[]): WriteOutcome[] {
  return outcomes.map(({ position }) => ({ kind: "duplicate", position }));
}
