import { findNameId } from "#drizzle/queries/interned-names.ts";
import { listSampleOrders } from "#drizzle/queries/sample-orders.ts";
import { listStreamEvents, listStreams, type StreamRow } from "#drizzle/queries/streams.ts";
import type { SampleOrdersDto, SampleOrderViewDto } from "#server/contract/sample-orders.ts";
import { type SampleOrder, sampleOrder } from "#server/domain/orders/sample-order.ts";
import type { Context } from "#server/platform/context.ts";
import { describeProjection } from "../../projections/list-projections.ts";
import { sampleOrders } from "../../projections/sample-orders.ts";
import { Repository } from "../../streams/repository.ts";

const SHOWN = 6;
/** Above every position, and every version. */
const END = "9007199254740991";
const LAST = 2_147_483_647;

/** The orders that changed last, as their streams have them and as the read model has them. */
export async function compareSampleOrders(ctx: Context): Promise<SampleOrdersDto> {
  const projection = await describeProjection(ctx, sampleOrders);
  const typeId = await findNameId(ctx.sql, "aggregate-type", sampleOrder.type);
  if (typeId === null) return { orders: [], projection };
  const { rows } = await listStreams(ctx.sql, {
    typeId,
    likes: null,
    before: END,
    limit: SHOWN,
    budget: SHOWN,
  });
  // Read before the streams are: the read model is never shown ahead of them.
  const known = await listSampleOrders(
    ctx.sql,
    rows.map((row) => row.aggregate_id),
  );
  const orders = await Promise.all(
    rows.map((row) =>
      compareOne(
        ctx,
        row,
        known.find(({ order_id }) => order_id === row.aggregate_id),
      ),
    ),
  );
  return { orders, projection };
}

async function compareOne(
  ctx: Context,
  { id, aggregate_id }: StreamRow,
  known: { version: number; state: unknown } | undefined,
): Promise<SampleOrdersDto["orders"][number]> {
  const { state, version } = await new Repository(ctx, sampleOrder).load(aggregate_id);
  // Written by the projection, from a state.
  const read = known === undefined ? null : viewOf(known.state as SampleOrder, known.version);
  return {
    id: aggregate_id,
    customerId: state.status === "none" ? null : state.customerId,
    written: viewOf(state, version),
    read,
    behindSeconds: await measureBehind(ctx, id, read?.version ?? 0),
  };
}

function viewOf(state: SampleOrder, version: number): SampleOrderViewDto {
  const { items, total } = state.status === "none" ? { items: 0, total: 0 } : state;
  return { version, status: state.status, items, total };
}

async function measureBehind({ sql, clock }: Context, streamId: string, version: number): Promise<number> {
  const [missing] = await listStreamEvents(sql, streamId, {
    fromVersion: version + 1,
    afterPosition: "-1",
    toVersion: LAST,
    limit: 1,
  });
  if (missing === undefined) return 0;
  return Math.max(0, Math.round(clock.now().getTime() - Number(missing.position) / 1_000) / 1_000);
}
