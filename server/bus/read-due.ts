import { type DeliveryEditRow, listDeliveryEdits } from "#drizzle/queries/delivery-edits.ts";
import type { DueRow } from "#drizzle/queries/due-deliveries.ts";
import { listEnvelopeRows } from "#drizzle/queries/event-envelopes.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";
import type { BusContext } from "./bus-context.ts";
import type { OwedEvent } from "./claim-stretch.ts";
import type { Subscription } from "./subscription.ts";

/** Tells a consumer which replay edited the payload that it gets. */
const EDIT_EXTENSION = "nagareedit";

/**
 * The events of claimed deliveries, with the payloads that were edited for them; null for one that retention dropped in
 * the meantime.
 */
export async function readDue(
  { sql, names }: Pick<BusContext, "sql" | "names">,
  { id }: Pick<Subscription, "id">,
  due: DueRow[],
): Promise<(OwedEvent | null)[]> {
  const again = due.filter(({ generation, isUnedited = false }) => generation > 0 && !isUnedited);
  const [rows, edits] = await Promise.all([
    listEnvelopeRows(
      sql,
      due.map(({ position }) => position),
    ),
    again.length === 0 ? [] : listDeliveryEdits(sql, id, again),
  ]);
  const nameOf = await names.resolve(rows.flatMap(envelopeNameIds));
  const found = new Map(rows.map((row) => [row.position, row]));
  const edited = new Map(edits.map((edit) => [edit.position, edit]));
  return due.map(({ position, ordering_key: key }) => {
    const row = found.get(position);
    if (row === undefined) return null;
    const eventUs = row.event_micros === null ? null : Number(row.event_micros);
    const event = withEdit(toEnvelope(row, nameOf), edited.get(position));
    return { position, typeId: row.type_id, event, eventUs, key };
  });
}

function withEdit(event: EventEnvelope, edit: DeliveryEditRow | undefined): EventEnvelope {
  if (edit === undefined) return event;
  const encoding = event.data.encoding === "text" ? "text" : "json";
  return {
    ...event,
    extensions: { ...event.extensions, [EDIT_EXTENSION]: edit.replay_id },
    data: { encoding, text: edit.data_text },
  };
}

/** About how many bytes the payloads of these have together. */
export function payloadBytes(owed: readonly (OwedEvent | null)[]): number {
  return owed.reduce((sum, one) => sum + (one === null ? 0 : bytesOf(one.event.data)), 0);
}

function bytesOf(data: EventEnvelope["data"]): number {
  if (data.encoding === "none") return 0;
  return data.encoding === "binary" ? data.bytes.length : data.text.length;
}
