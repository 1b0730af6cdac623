import type { SqlTx } from "#drizzle/db.ts";
import { listDeliveryRows } from "#drizzle/queries/delivery-claims.ts";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import {
  listLeases,
  listStatuses,
  MAX_COUNTED,
  type OpenLeaseRow,
  type StatusRow,
} from "#drizzle/queries/subscription-status.ts";
import { findSubscription, listSubscriptions, type SubscriptionRow } from "#drizzle/queries/subscriptions.ts";
import type { SubscriptionListDto, SubscriptionStatusDto } from "#server/contract/subscriptions.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { freshness } from "../events/as-of.ts";
import { type ChannelsOf, loadRouting } from "./channels.ts";
import { listOwed } from "./count-owed.ts";
import { toSubscriptionDto } from "./subscription-dto.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Minutes before the present one whose attempts say how a consumer does by now. */
const LATELY_MINUTES = 2;
/** Events that are looked at for the backlog of one subscription, alone and in a list of many. */
const LOOK_ALONE = 20_000;
const LOOK_IN_LIST = 4_000;

/** A subscription and how it stands. Throws `not-found`. */
export async function getSubscription(ctx: Context, consumer: string): Promise<SubscriptionStatusDto> {
  const [safe, channelsOf] = await Promise.all([getSafePosition(ctx.sql), loadRouting(ctx.sql)]);
  return ctx.sql.begin("isolation level repeatable read read only", async (tx) => {
    const row = await findSubscription(tx, consumer);
    if (row === null) throw noSubscription(consumer);
    const [status] = await readStatuses(tx, ctx, [row], { channelsOf, safe, limit: LOOK_ALONE });
    if (status === undefined) throw noSubscription(consumer);
    return status;
  });
}

/** Every subscription and how it stands, by consumer. */
export async function listSubscriptionStatuses(ctx: Context): Promise<SubscriptionListDto> {
  const [safe, channelsOf] = await Promise.all([getSafePosition(ctx.sql), loadRouting(ctx.sql)]);
  return ctx.sql.begin("isolation level repeatable read read only", async (tx) => {
    const look = { channelsOf, safe, limit: LOOK_IN_LIST };
    const subscriptions = await readStatuses(tx, ctx, await listSubscriptions(tx), look);
    return { subscriptions, asOf: freshness(ctx, safe) };
  });
}

export function noSubscription(consumer: string): AppError {
  return new AppError(
    "not-found",
    `There is no subscription of ${consumer}. Make it with PUT /api/v1/subscriptions/${consumer}.`,
  );
}

type Look = { channelsOf: ChannelsOf; safe: string; limit: number };

/** In a fixed number of statements, and one more for each subscription that has something to look at in the log. */
async function readStatuses(
  tx: SqlTx,
  ctx: Context,
  rows: readonly SubscriptionRow[],
  look: Look,
): Promise<SubscriptionStatusDto[]> {
  const now = ctx.clock.now().getTime();
  const ids = rows.map((row) => row.id);
  const [statuses, leases] = await Promise.all([
    listStatuses(tx, ids, {
      from: new Date(now - HOUR_MS).toISOString(),
      lately: new Date((Math.floor(now / MINUTE_MS) - LATELY_MINUTES) * MINUTE_MS).toISOString(),
    }),
    listLeases(tx, ids),
  ]);
  const statusOf = new Map(statuses.map((one) => [one.id, one]));
  const leasesOf = Map.groupBy(leases, (one) => one.subscription_id);
  return Promise.all(
    rows.flatMap((row) => {
      const status = statusOf.get(row.id);
      return status === undefined ? [] : [readStatus(tx, ctx, row, status, leasesOf.get(row.id) ?? [], look)];
    }),
  );
}

async function readStatus(
  tx: SqlTx,
  ctx: Context,
  row: SubscriptionRow,
  status: StatusRow,
  leases: readonly OpenLeaseRow[],
  look: Look,
): Promise<SubscriptionStatusDto> {
  const dto = toSubscriptionDto(row);
  const { open, dead, retrying } = status;
  const waiting = dto.state === "external" ? null : await listWaiting(tx, ctx, row, leases, look);
  const oldest = [status.oldest, waiting?.oldest ?? null].filter((one) => one !== null).map(Number);
  const now = ctx.clock.now().getTime();
  const oldestSeconds = oldest.length === 0 ? null : Math.max(0, (now * 1000 - Math.min(...oldest)) / 1e6);
  return {
    ...dto,
    backlog: waiting && { count: open + waiting.count, exact: waiting.exact && open < MAX_COUNTED },
    oldestWaitingSeconds: waiting === null ? null : oldestSeconds,
    retrying: { count: retrying, exact: open < MAX_COUNTED },
    dead: { count: dead, exact: dead < MAX_COUNTED },
    attemptsLastHour: { succeeded: status.succeeded, failed: status.failed },
    attemptsLately: { succeeded: status.lately_succeeded, failed: status.lately_failed },
  };
}

/** What has no row yet: events within leases, of which none tells the end, and those beyond the cursor. */
async function listWaiting(
  tx: SqlTx,
  { names }: Context,
  row: SubscriptionRow,
  leases: readonly OpenLeaseRow[],
  { channelsOf, safe, limit }: Look,
): Promise<{ count: number; exact: boolean; oldest: string | null }> {
  const waiting: string[] = [];
  let exact = true;
  for (const lease of leases) {
    const range = { after: lease.after_position, upTo: lease.to_position, limit };
    const owed = await listOwed(tx, { names, channelsOf }, row, range);
    const rows = await listDeliveryRows(tx, row.id, owed.positions);
    const ended = new Set(
      rows.filter((one) => one.generation >= lease.generation).map((one) => one.position),
    );
    waiting.push(...owed.positions.filter((position) => !ended.has(position)));
    exact &&= owed.exact;
  }
  const beyond =
    Number(row.position) < Number(safe)
      ? await listOwed(tx, { names, channelsOf }, row, { after: row.position, upTo: safe, limit })
      : { positions: [], exact: true };
  const positions = [...waiting, ...beyond.positions];
  const oldest = positions.reduce<string | null>(
    (least, one) => (least === null || Number(one) < Number(least) ? one : least),
    null,
  );
  return { count: positions.length, exact: exact && beyond.exact, oldest };
}
