import { listOrderSummaries } from "#drizzle/queries/order-summaries.ts";
import { MAX_PAGE_SIZE } from "#server/contract/events.ts";
import type { OrderPageDto } from "#server/contract/projections.ts";
import { recordedAt } from "#server/domain/instant.ts";
import type { Context } from "#server/platform/context.ts";

const END = "9007199254740991";

/** A page of orders, the one that changed last first, as far as the projection has come. */
export async function listOrders(
  { sql }: Pick<Context, "sql">,
  { before = END, limit: wanted }: { before?: string | undefined; limit: number },
): Promise<OrderPageDto> {
  const limit = Math.min(wanted, MAX_PAGE_SIZE);
  const rows = await listOrderSummaries(sql, { before, limit });
  return {
    orders: rows.map((row) => ({
      id: row.order_id,
      version: row.version,
      status: row.status,
      customerId: row.customer_id,
      currency: row.currency,
      lines: row.line_count,
      totalMinor: Number(row.total_minor),
      draftedAt: recordedAt(row.first_position),
      changedAt: recordedAt(row.last_position),
    })),
    nextBefore: rows.length === limit ? (rows.at(-1)?.last_position ?? null) : null,
  };
}
