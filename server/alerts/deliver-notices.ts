import { type ClaimedNotice, claimNotices, settleNotice } from "#drizzle/queries/alert-notices.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import { ALERTS_TOPIC } from "#server/contract/alerts.ts";
import type { NoticeMessage } from "#server/domain/alerts/notice-message.ts";
import { nextDelayMs, type RetryPolicy } from "#server/domain/retry-policy.ts";
import type { Context } from "#server/platform/context.ts";
import { SEND_TIMEOUT_MS, type SendNotice, type SendOutcome } from "./send-notice.ts";

/** Eight tries within three quarters of an hour. */
const NOTICE_RETRY: RetryPolicy = {
  retries: 7,
  baseMs: 5_000,
  factor: 3,
  capMs: 15 * 60_000,
  jitter: "full",
};
/** Longer than a try takes at most: who has not said by then how it ended is gone. */
export const NOTICE_LEASE_MS = 3 * SEND_TIMEOUT_MS;
const AT_ONCE = 10;
const KEPT_ATTEMPTS = 50;

export type Delivering = Pick<Context, "sql" | "clock" | "log"> & { random: () => number; send: SendNotice };

/**
 * Sends what is due, once each. A process that dies meanwhile leaves its messages to others when the lease ends, so that
 * one may arrive twice, under the same id.
 *
 * @returns whether there may be more.
 */
export async function deliverNoticesOnce(ctx: Delivering): Promise<boolean> {
  const at = ctx.clock.now().toISOString();
  const claimed = await claimNotices(ctx.sql, { at, leaseMs: NOTICE_LEASE_MS, limit: AT_ONCE });
  await Promise.all(claimed.map((notice) => deliverNotice(ctx, notice)));
  return claimed.length === AT_ONCE;
}

/** Sends a message that was claimed, and writes how that ended. */
export async function deliverNotice(
  ctx: Delivering,
  { id, kind, message, config, tries }: ClaimedNotice,
): Promise<SendOutcome> {
  const at = ctx.clock.now();
  const startedMs = ctx.clock.elapsedMs();
  // Written by `settleAlerts` and `testDestination`, as this type.
  const said = message as NoticeMessage;
  const outcome = await ctx
    .send({ noticeId: id, message: said, config })
    .catch((error: unknown): SendOutcome => {
      ctx.log.warn({ notice: id, err: error }, "notice.not-made");
      const why = "The message could not be made. The server's log has the details.";
      const said = { code: null, error: why, failure: "not-made", detail: null } as const;
      return { kind: "failed", ...said, retryable: true, retryAfterMs: 0 };
    });
  const durationMs = Math.round(ctx.clock.elapsedMs() - startedMs);
  const delayMs = kind === "test" ? null : delayAfter(outcome, tries, ctx.random);
  const nextAttemptAt = delayMs === null ? null : new Date(ctx.clock.now().getTime() + delayMs).toISOString();
  const { code, error, failure, detail } = outcome;
  const attempt = { at: at.toISOString(), durationMs, code, error, failure, detail };
  const status = statusOf(outcome, nextAttemptAt);
  await settleNotice(ctx.sql, id, { status, attempt, nextAttemptAt }, KEPT_ATTEMPTS);
  await notifyTopic(ctx.sql, ALERTS_TOPIC);
  ctx.log.debug({ notice: id, kind, status, code, durationMs }, "notice.tried");
  if (status === "failed") ctx.log.warn({ notice: id, kind, code }, "notice.given-up");
  return outcome;
}

/** Null for what is not tried again. */
function delayAfter(outcome: SendOutcome, tries: number, random: () => number): number | null {
  if (outcome.kind === "sent" || !outcome.retryable) return null;
  return nextDelayMs(NOTICE_RETRY, tries, random, outcome.retryAfterMs);
}

function statusOf({ kind }: SendOutcome, nextAttemptAt: string | null): "sent" | "retrying" | "failed" {
  if (kind === "sent") return "sent";
  return nextAttemptAt === null ? "failed" : "retrying";
}
