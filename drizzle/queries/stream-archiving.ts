import type { Sql } from "../db.ts";

export type UnarchivedRow = { stream_id: string; version: number; position: string };

/** Events of streams between two positions (the first one included) that are kept in the log alone, oldest first. */
export async function listUnarchived(
  sql: Sql,
  { from, before, limit }: { from: string; before: string; limit: number },
): Promise<UnarchivedRow[]> {
  return sql<UnarchivedRow[]>`
    select registered.stream_id, registered.version, registered.position
    from events e
    join streams s on s.type_id = e.aggregate_type_id and s.aggregate_id = e.aggregate_id
    join stream_events registered
      on registered.stream_id = s.id and registered.version = e.aggregate_version and registered.position = e.position
    where e.position >= ${from} and e.position < ${before} and e.aggregate_id is not null
      and registered.archived is null
    order by e.position limit ${limit}`;
}

/** Keeps the envelopes of events with their streams. */
export async function archiveEvents(
  sql: Sql,
  events: readonly (UnarchivedRow & { envelope: string })[],
): Promise<void> {
  await sql`
    update stream_events kept set archived = leaving.envelope
    from unnest(
      ${events.map((event) => event.stream_id)}::bigint[], ${events.map((event) => event.version)}::int[],
      ${events.map((event) => event.position)}::bigint[], ${events.map((event) => event.envelope)}::text[]
    ) leaving (stream_id, version, position, envelope)
    where kept.stream_id = leaving.stream_id and kept.version = leaving.version and kept.position = leaving.position`;
}
