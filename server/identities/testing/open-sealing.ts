import { connect, type Database, type Sql } from "#drizzle/db.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { eventWith } from "#server/domain/envelope/testing/arbitrary-event.ts";
import type { WriteOutcome } from "../../ingest/append-outcome.ts";
import type { IngestEvent } from "../../ingest/ingest-event.ts";
import { createBatchWriter } from "../../ingest/write-batch.ts";
import { NameCache } from "../../names/name-cache.ts";
import { openTestStreams } from "../../streams/testing/open-streams.ts";
import { sealIdentitiesOnce } from "../seal-identities.ts";
import { StoredIdentities } from "../stored-identities.ts";

/** So few that a test reaches them: more than a hundred are sealed but for twenty. */
export const SEALING_LIMITS = { most: 100, keep: 20 };
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
    openProcess: () => {
      const { sql } = openPool();
      const identities = new StoredIdentities(sql);
      return { identities, write: createBatchWriter(sql, new NameCache(sql), identities) };
    },
    seal: (sql: Sql = store.sql, signal = new AbortController().signal) =>
      sealIdentitiesOnce({ sql, log: store.ctx.log }, signal, SEALING_LIMITS),
    count: async (table: string): Promise<number> => {
      const [row] = await store.sql<{ rows: number }[]>`
        select count(*)::int as rows from ${store.sql(table)}`;
      return row?.rows ?? Number.NaN;
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

/** What becomes of events that are sent again. */
export function asDuplicates(outcomes: WriteOutcome[]): WriteOutcome[] {
  return outcomes.map(({ position }) => ({ kind: "duplicate", position }));
}
