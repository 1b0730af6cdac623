import { findDestination } from "#drizzle/queries/alert-destinations.ts";
import { claimNotice, insertNotices } from "#drizzle/queries/alert-notices.ts";
import { insertAudit } from "#drizzle/queries/audit-log.ts";
import type { NoticeDto } from "#server/contract/alert-destinations.ts";
import type { NoticeMessage } from "#server/domain/alerts/notice-message.ts";
import type { Context } from "#server/platform/context.ts";
import { deliverNotice, NOTICE_LEASE_MS } from "./deliver-notices.ts";
import { noDestination } from "./destinations.ts";
import { getNotice } from "./notices.ts";
import type { SendNotice } from "./send-notice.ts";

/** Sends a message that only tries a destination, once, and answers how that ended. */
export async function testDestination(ctx: Context, id: number, send: SendNotice): Promise<NoticeDto> {
  const at = ctx.clock.now().toISOString();
  // Taken in the transaction that makes it: workers never see it as due.
  const claimed = await ctx.sql.begin(async (tx) => {
    const destination = await findDestination(tx, id);
    if (destination === null) throw noDestination(id);
    const { name } = destination;
    const message: NoticeMessage = { kind: "test", at, destination: name };
    const [notice] = await insertNotices(tx, at, [
      { alert_id: null, kind: "test", destination_id: id, message, status: "waiting" },
    ]);
    await insertAudit(tx, { actor: ctx.actor, action: "destination.tested", subject: name, details: { id } });
    return notice === undefined ? null : claimNotice(tx, notice, { at, leaseMs: NOTICE_LEASE_MS });
  });
  if (claimed === null) throw noDestination(id);
  await deliverNotice({ ...ctx, random: Math.random, send }, claimed);
  return getNotice(ctx, claimed.id);
}
