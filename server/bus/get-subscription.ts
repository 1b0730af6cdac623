import type { SqlTx } from "#drizzle/db.ts";
import { listDeliveryRows } from "#drizzle/queries/delivery-claims.ts";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import {
  countDeadDeliveries,
  countOpenDeliveries,
  listLeases,
  MAX_COUNTED,
  sumAttempts,
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
    return readStatus(tx, ctx, row, { channelsOf, safe, limit: LOOK_ALONE });
  });
}

/** Every subscription and how it stands, by consumer. */
export async function listSubscriptionStatuses(ctx: Context): Promise<SubscriptionListDto> {
  const [safe, channelsOf] = await Promise.all([getSafePosition(ctx.sql), loadRouting(ctx.sql)]);
  return ctx.sql.begin("isolation level repeatable read read only", async (tx) => {
    const subscriptions: SubscriptionStatusDto[] = [];
    for (const row of await listSubscriptions(tx)) {
      subscriptions.push(await readStatus(tx, ctx, row, { channelsOf, safe, limit: LOOK_IN_LIST }));
    }
    return { subscriptions, asOf: freshness(ctx, safe) };
  });
}

export function noSubscription(consumer: string): AppError {
  return new AppError(
    "not-found",
    `There is no subscription of ${consumer}. Make it with PUT /api/v1/subscriptions/${consumer}.`,
  );
}

async function readStatus(
  tx: SqlTx,
  ctx: Context,
  row: SubscriptionRow,
  look: { channelsOf: ChannelsOf; safe: string; limit: number },
): Promise<SubscriptionStatusDto> {
  const dto = toSubscriptionDto(row);
  const open = await countOpenDeliveries(tx, row.id);
  const dead = await countDeadDeliveries(tx, row.id);
  const now = ctx.clock.now().getTime();
  const attempts = await sumAttempts(tx, row.id, {
    from: new Date(now - HOUR_MS).toISOString(),
    lately: new Date((Math.floor(now / MINUTE_MS) - LATELY_MINUTES) * MINUTE_MS).toISOString(),
  });
  const waiting = dto.state === "external" ? null : await listWaiting(tx, ctx, row, look);
  const oldest = [open.oldest, waiting?.oldest ?? null].filter((one) => one !== null).map(Number);
  const oldestSeconds = oldest.length === 0 ? null : Math.max(0, (now * 1000 - Math.min(...oldest)) / 1e6);
  return {
    ...dto,
    backlog: waiting && {
      count: open.open + waiting.count,
      exact: waiting.exact && open.open < MAX_COUNTED,
    },
    oldestWaitingSeconds: waiting === null ? null : oldestSeconds,
    retrying: { count: open.retrying, exact: open.open < MAX_COUNTED },
    dead: { count: dead, exact: dead < MAX_COUNTED },
    attemptsLastHour: { succeeded: attempts.succeeded, failed: attempts.failed },
    attemptsLately: { succeeded: attempts.lately_succeeded, failed: attempts.lately_failed },
  };
}

/** What has no row yet: events within leases, of which none tells the end, and those beyond the cursor. */
async function listWaiting(
  tx: SqlTx,
  { names }: Context,
  row: SubscriptionRow,
  { channelsOf, safe, limit }: { channelsOf: ChannelsOf; safe: string; limit: number },
): Promise<{ count: number; exact: boolean; oldest: string | null }> {
  const waiting: string[] = [];
  let exact = true;
  for (const lease of await listLeases(tx, row.id)) {
    const range = { after: lease.after_position, upTo: lease.to_position, limit };
    const owed = await listOwed(tx, { names, channelsOf }, row, range);
    const rows = await listDeliveryRows(tx, row.id, owed.positions);
    const ended = new Set(
      rows.filter((one) => one.generation >= lease.generation).map((one) => one.position),
    );
    waiting.push(...owed.positions.filter((position) => !ended.has(position)));
    exact &&= owed.exact;
  }
  const beyond = await listOwed(tx, { names, channelsOf }, row, { after: row.position, upTo: safe, limit });
  const positions = [...waiting, ...beyond.positions];
  const oldest = positions.reduce<string | null>(
    (least, one) => (least === null || Number(one) < Number(least) ? one : least),
    null,
  );
  return { count: positions.length, exact: exact && beyond.exact, oldest };
}
