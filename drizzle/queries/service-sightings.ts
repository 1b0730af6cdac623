import type { Sql, SqlTx } from "../db.ts";

const MAX_SIGHTINGS = 20_000;

export type SourceReactions = { sourceId: number; events: number };
export type ConsumerHits = { sourceId: number; consumer: string; hits: number };

/** Adds what was seen; in order, so that nobody waits for each other. */
export async function addSightings(
  tx: SqlTx,
  { reactions, hits }: { reactions: readonly SourceReactions[]; hits: readonly ConsumerHits[] },
): Promise<void> {
  await tx`
    insert into source_reactions as old (source_id, events)
    select "sourceId", events from jsonb_to_recordset(${JSON.stringify(reactions)}::jsonb) as r (
      "sourceId" integer, events bigint) order by 1
    on conflict (source_id) do update set events = old.events + excluded.events, updated_at = now()`;
  await tx`
    insert into service_sightings as old (source_id, consumer, hits)
    select "sourceId", consumer, hits from jsonb_to_recordset(${JSON.stringify(hits)}::jsonb) as r (
      "sourceId" integer, consumer text, hits bigint) order by 1, 2
    on conflict (source_id, consumer) do update set hits = old.hits + excluded.hits, updated_at = now()`;
}

export type SightingRow = { source: string; consumer: string; hits: number; events: number };

/** How often each consumer had taken the cause of what a source emitted; at most 20,000 pairs, the latest ones. */
export async function listSightings(sql: Sql | SqlTx): Promise<SightingRow[]> {
  return sql<SightingRow[]>`
    select name as source, consumer, hits::float8 as hits, events::float8 as events
    from service_sightings seen join source_reactions reacted using (source_id)
    join interned_names on interned_names.id = source_id
    order by seen.updated_at desc limit ${MAX_SIGHTINGS}`;
}
