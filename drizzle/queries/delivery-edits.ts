import type { Sql, SqlTx } from "../db.ts";

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
