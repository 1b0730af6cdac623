import type { Sql, SqlTx } from "../db.ts";
import { ITEM_STATE } from "./open-items.ts";

export type DeliveryEditRow = {
  position: string;
  generation: number;
  data_text: string;
  replay_id: number;
};

/** The edited payloads of these deliveries of a subscription, each for the generation that it was edited for. */
export async function listDeliveryEdits(
  sql: Sql | SqlTx,
  subscriptionId: number,
  deliveries: { position: string; generation: number }[],
): Promise<DeliveryEditRow[]> {
  const positions = deliveries.map(({ position }) => position);
  const generations = deliveries.map(({ generation }) => generation);
  return sql<DeliveryEditRow[]>`
    select e.position, e.generation, e.data_text, e.replay_id
    from unnest(${positions}::bigint[], ${generations}::int[]) as d (position, generation)
    join delivery_edits e on e.position = d.position and e.subscription_id = ${subscriptionId}
      and e.generation = d.generation`;
}

/** Forgets the edited payloads of events before the position. */
export async function deleteEditsBefore(sql: Sql, position: string): Promise<void> {
  await sql`delete from delivery_edits where position < ${position}`;
}

export type StartedPayload = {
  position: string;
  subscription_id: number;
  generation: number;
  data_encoding: number;
  data_text: string | null;
};

/** The payloads of the items that this transaction has started. */
export async function listStartedPayloads(tx: SqlTx, replayId: number): Promise<StartedPayload[]> {
  return tx<StartedPayload[]>`
    select i.position, i.subscription_id, i.generation, e.data_encoding, e.data_text
    from open_items i join events e on e.position = i.position
    where i.replay_id = ${replayId} and i.state = ${ITEM_STATE.inFlight} and i.started_at = now()`;
}

/** Keeps the edited payloads of deliveries, each for one generation. */
export async function insertDeliveryEdits(
  tx: SqlTx,
  replayId: number,
  edits: { position: string; subscriptionId: number; generation: number; text: string }[],
): Promise<void> {
  if (edits.length === 0) return;
  await tx`
    insert into delivery_edits (position, subscription_id, generation, data_text, replay_id)
    select position, subscription_id, generation, data_text, ${replayId}
    from unnest(${edits.map((one) => one.position)}::bigint[], ${edits.map((one) => one.subscriptionId)}::int[],
      ${edits.map((one) => one.generation)}::int[], ${edits.map((one) => one.text)}::text[])
      as e (position, subscription_id, generation, data_text)`;
}
