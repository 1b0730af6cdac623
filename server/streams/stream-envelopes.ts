import type { Sql, SqlTx } from "#drizzle/db.ts";
import type { StreamEventRow } from "#drizzle/queries/streams.ts";
import { scanObject } from "#server/domain/envelope/json-slices.ts";
import { readCloudEvent } from "#server/domain/envelope/read-cloudevent.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { AppError } from "#server/platform/errors.ts";
import { listEnvelopes } from "../events/envelopes.ts";
import type { NameCache } from "../names/name-cache.ts";

export type StreamEnvelope = { version: number; position: string; event: EventEnvelope };

/** The events that stand behind these versions, from the log, or from the stream where the log has let them go. */
export async function listStreamEnvelopes(
  sql: Sql | SqlTx,
  names: NameCache,
  rows: readonly StreamEventRow[],
): Promise<StreamEnvelope[]> {
  const inLog = rows.filter((row) => row.archived === null).map((row) => row.position);
  const envelopes = await listEnvelopes(sql, names, inLog);
  return rows.map(({ version, position, archived }) => {
    const event = archived === null ? envelopes.get(position) : readArchived(archived);
    // Its partition was dropped between the two reads: it has been kept before.
    if (!event) throw new AppError("unavailable", "The stream is being archived. Read it again in a moment.");
    return { version, position, event };
  });
}

/** An event from the envelope that was kept of it. */
export function readArchived(envelope: string): EventEnvelope {
  const object = scanObject(envelope, 0, envelope.length);
  const reading = object && readCloudEvent(object, object.parse(), "internal", Number.POSITIVE_INFINITY);
  if (reading?.kind !== "event") throw new Error("An archived envelope can't be read back.");
  return reading.event;
}
