import type { Sql, SqlTx } from "../db.ts";

export type OrderSummaryRow = {
  order_id: string;
  version: number;
  status: string;
  customer_id: string;
  currency: string;
  line_count: number;
  total_minor: string;
  first_position: string;
  last_position: string;
};

/** What is known of an order in a generation, or null. */
export async function findOrderState(tx: SqlTx, generation: number, orderId: string): Promise<unknown> {
  const [row] = await tx<{ state: unknown }[]>`
    select state from order_summaries where generation = ${generation} and order_id = ${orderId}`;
  return row?.state ?? null;
}

export type NewOrderSummary = Omit<OrderSummaryRow, "total_minor" | "first_position" | "last_position"> & {
  total_minor: number;
  state: unknown;
  position: string;
};

export async function putOrderSummary(tx: SqlTx, generation: number, order: NewOrderSummary): Promise<void> {
  await tx`
    insert into order_summaries (generation, order_id, version, status, customer_id, currency, line_count, total_minor,
      state, first_position, last_position)
    values (${generation}, ${order.order_id}, ${order.version}, ${order.status}, ${order.customer_id},
      ${order.currency}, ${order.line_count}, ${order.total_minor}, ${JSON.stringify(order.state)}::text::jsonb,
      ${order.position}, ${order.position})
    on conflict (generation, order_id) do update
      set version = excluded.version, status = excluded.status, customer_id = excluded.customer_id,
        currency = excluded.currency, line_count = excluded.line_count, total_minor = excluded.total_minor,
        state = excluded.state, last_position = excluded.last_position`;
}

/** Orders of the served generation that changed before a position, the latest first, at most `limit`. */
export async function listOrderSummaries(
  sql: Sql,
  { before, limit }: { before: string; limit: number },
): Promise<OrderSummaryRow[]> {
  return sql<OrderSummaryRow[]>`
    select order_id, version, status, customer_id, currency, line_count, total_minor, first_position, last_position
    from order_summaries
    where generation = (select generation from projections where name = 'order-summaries')
      and last_position < ${before}
    order by last_position desc limit ${limit}`;
}
