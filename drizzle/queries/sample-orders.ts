import type { Sql, SqlTx } from "../db.ts";

export type SampleOrderRow = { order_id: string; version: number; state: unknown };

/** What a generation of the read model knows of an order; null for nothing. */
export async function findSampleOrder(
  tx: SqlTx,
  generation: number,
  orderId: string,
): Promise<SampleOrderRow | null> {
  const [row] = await tx<SampleOrderRow[]>`
    select order_id, version, state from sample_orders where generation = ${generation} and order_id = ${orderId}`;
  return row ?? null;
}

export async function putSampleOrder(
  tx: SqlTx,
  generation: number,
  order: { orderId: string; version: number; state: object; position: string },
): Promise<void> {
  await tx`
    insert into sample_orders (generation, order_id, version, state, last_position)
    values (${generation}, ${order.orderId}, ${order.version}, ${JSON.stringify(order.state)}::text::jsonb,
      ${order.position})
    on conflict (generation, order_id) do update
      set version = excluded.version, state = excluded.state, last_position = excluded.last_position`;
}

/** What the served generation knows of some orders. */
export async function listSampleOrders(
  sql: Sql | SqlTx,
  orderIds: readonly string[],
): Promise<SampleOrderRow[]> {
  return sql<SampleOrderRow[]>`
    select order_id, version, state from sample_orders
    where generation = (select generation from projections where name = 'sample-orders')
      and order_id = any(${[...orderIds]}::text[])`;
}
