import { findNotice, listNoticeRows, type NoticeRow, reviveNotice } from "#drizzle/queries/alert-notices.ts";
import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import type { NoticeDto, NoticeFilter, NoticeListDto } from "#server/contract/alert-destinations.ts";
import { ALERTS_TOPIC } from "#server/contract/alerts.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { isoTime } from "../bus/subscription-dto.ts";

/** Messages, the newest first. */
export async function listNotices(ctx: Context, filter: NoticeFilter): Promise<NoticeListDto> {
  const { alert, destination, status, after, limit } = filter;
  const rows = await listNoticeRows(ctx.sql, {
    alertId: alert ?? null,
    destinationId: destination ?? null,
    statuses: status ?? null,
    after: after ?? null,
    limit,
  });
  return {
    notices: rows.map(toNoticeDto),
    nextAfter: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
  };
}

export async function getNotice(ctx: Context, id: string): Promise<NoticeDto> {
  const row = await findNotice(ctx.sql, id);
  if (row === null) throw new AppError("not-found", `There is no message ${id}.`);
  return toNoticeDto(row);
}

/** Has a message that failed sent again at once, with all tries that one has. */
export async function retryNotice(ctx: Context, id: string): Promise<NoticeDto> {
  await ctx.sql.begin(async (tx) => {
    const row = await findNotice(tx, id);
    if (row === null) throw new AppError("not-found", `There is no message ${id}.`);
    if (!(await reviveNotice(tx, id, ctx.clock.now().toISOString()))) {
      throw new AppError("conflict", whyNotAgain(row));
    }
    const subject = row.destination_name;
    await insertAudit(tx, { actor: ctx.actor, action: "notice.retried", subject, details: { id } });
    await notifyTopic(tx, ALERTS_TOPIC);
  });
  return getNotice(ctx, id);
}

function whyNotAgain({ id, status, destination_name: name }: NoticeRow): string {
  if (status === "failed") return `The destination ${name} was deleted. Send to another one.`;
  return `The message ${id} is ${status}. Only one that failed is sent again.`;
}

function toNoticeDto(row: NoticeRow): NoticeDto {
  const { alert_id: alertId, alert_name: alertName, next_attempt_at: nextAttemptAt } = row;
  return {
    id: row.id,
    alert: alertId === null ? null : { id: alertId, name: alertName ?? "" },
    kind: row.kind,
    destination: { id: row.destination_id, name: row.destination_name, kind: row.destination_kind },
    status: row.status,
    createdAt: isoTime(row.created_at),
    nextAttemptAt: nextAttemptAt === null ? null : isoTime(nextAttemptAt),
    attempts: row.attempts.map((attempt) => ({ failure: null, detail: null, ...attempt })),
  };
}
