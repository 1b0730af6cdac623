import type { DestinationKind, NoticeKind, NoticeStatus } from "#server/domain/alerts/alert.ts";
import type { NoticeFailure } from "#server/domain/alerts/notice-failure.ts";
import type { Sql, SqlTx } from "../db.ts";

export type NoticeAttempt = {
  at: string;
  durationMs: number;
  code: number | null;
  error: string | null;
  /** Why, in a word; missing where it is not one of ours. */
  failure?: NoticeFailure | null;
  /** What the other side said. */
  detail?: string | null;
};

export type NoticeRow = {
  id: string;
  alert_id: string | null;
  alert_name: string | null;
  kind: NoticeKind;
  destination_id: number;
  destination_name: string;
  destination_kind: DestinationKind;
  status: NoticeStatus;
  created_at: string;
  next_attempt_at: string | null;
  attempts: NoticeAttempt[];
};

export type NewNotice = {
  alert_id: string | null;
  kind: NoticeKind;
  destination_id: number;
  message: unknown;
  status: "waiting" | "muted";
};

/** Writes messages that are to be sent at once, or that are not to be. Gives their ids. */
export async function insertNotices(
  tx: Sql | SqlTx,
  at: string,
  notices: readonly NewNotice[],
): Promise<string[]> {
  if (notices.length === 0) return [];
  const rows = await tx<{ id: string }[]>`
    insert into alert_notices (alert_id, kind, destination_id, message, status, created_at, next_attempt_at)
    select n.alert_id, n.kind, n.destination_id, n.message, n.status, ${at}::timestamptz,
      case when n.status = 'waiting' then ${at}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(notices)}::jsonb) as n (alert_id bigint, kind text, destination_id int,
      message jsonb, status text)
    join alert_destinations d on d.id = n.destination_id and d.deleted_at is null
    returning id`;
  return rows.map(({ id }) => id);
}

/** Who was told that these alerts fire. */
export async function listTold(
  tx: SqlTx,
  alertIds: readonly string[],
): Promise<{ alert_id: string; destination_id: number }[]> {
  return tx<{ alert_id: string; destination_id: number }[]>`
    select distinct alert_id, destination_id from alert_notices
    where alert_id = any(${[...alertIds]}::bigint[]) and kind in ('firing', 'flapping') and status <> 'muted'
    order by alert_id, destination_id`;
}

export type ClaimedNotice = {
  id: string;
  kind: NoticeKind;
  message: unknown;
  tries: number;
  created_at: string;
  destination_id: number;
  destination_kind: DestinationKind;
  config: unknown;
};

/**
 * Takes up to `limit` messages that are due, the oldest first, for as long as the lease lasts. What is said of an alert
 * reaches a destination in the order in which it happened: a message waits for those before it.
 */
export async function claimNotices(
  sql: Sql,
  { at, leaseMs, limit }: { at: string; leaseMs: number; limit: number },
): Promise<ClaimedNotice[]> {
  return sql<ClaimedNotice[]>`
    with due as (
      select n.id from alert_notices n
      where n.status in ('waiting', 'retrying') and n.next_attempt_at <= ${at}::timestamptz
        and coalesce(n.leased_until < ${at}::timestamptz, true)
        and not exists (
          select from alert_notices earlier
          where earlier.alert_id = n.alert_id and earlier.destination_id = n.destination_id and earlier.id < n.id
            and earlier.status in ('waiting', 'retrying'))
      order by n.next_attempt_at limit ${limit} for update of n skip locked)
    update alert_notices n
    set leased_until = ${at}::timestamptz + ${leaseMs} * interval '1 millisecond', tries = n.tries + 1
    from due, alert_destinations d where n.id = due.id and d.id = n.destination_id
    returning n.id, n.kind, n.message, n.tries, n.created_at, n.destination_id, d.kind as destination_kind, d.config`;
}

/** Takes one message, whatever is due, unless somebody has it. */
export async function claimNotice(
  sql: Sql | SqlTx,
  id: string,
  { at, leaseMs }: { at: string; leaseMs: number },
): Promise<ClaimedNotice | null> {
  const [row] = await sql<ClaimedNotice[]>`
    update alert_notices n
    set leased_until = ${at}::timestamptz + ${leaseMs} * interval '1 millisecond', tries = n.tries + 1
    from alert_destinations d
    where n.id = ${id} and d.id = n.destination_id and n.status in ('waiting', 'retrying')
      and coalesce(n.leased_until < ${at}::timestamptz, true)
    returning n.id, n.kind, n.message, n.tries, n.created_at, n.destination_id, d.kind as destination_kind, d.config`;
  return row ?? null;
}

export type NoticeOutcome = {
  status: Exclude<NoticeStatus, "muted" | "waiting">;
  attempt: NoticeAttempt;
  nextAttemptAt: string | null;
};

/** Writes how a try ended. Of the tries, the last `keep` are kept. */
export async function settleNotice(
  sql: Sql,
  id: string,
  { status, attempt, nextAttemptAt }: NoticeOutcome,
  keep: number,
): Promise<void> {
  await sql`
    update alert_notices set status = case when status = 'failed' then status else ${status} end,
      next_attempt_at = case when status = 'failed' then null else ${nextAttemptAt}::timestamptz end,
      leased_until = null, attempts = (
        select coalesce(jsonb_agg(item order by place), '[]')
        from jsonb_array_elements(attempts || ${JSON.stringify([attempt])}::jsonb) with ordinality as one (item, place)
        where place > jsonb_array_length(attempts) + 1 - ${keep})
    where id = ${id}`;
}

/**
 * Has a message that failed, for good or for now, sent again at once. Gives false where it waits, was sent, or its
 * destination is gone. One that is being tried this moment is left to whoever has it.
 */
export async function reviveNotice(tx: SqlTx, id: string, at: string): Promise<boolean> {
  const rows = await tx`
    update alert_notices set status = 'retrying', next_attempt_at = ${at}::timestamptz, tries = 0,
      leased_until = case when status = 'failed' then null else leased_until end
    where id = ${id} and status in ('failed', 'retrying') and destination_id in (
      select id from alert_destinations where deleted_at is null) returning id`;
  return rows.length > 0;
}

/** Gives up what has not been sent to a destination. */
export async function abandonNotices(tx: SqlTx, destinationId: number): Promise<void> {
  await tx`
    update alert_notices set status = 'failed', next_attempt_at = null
    where destination_id = ${destinationId} and status in ('waiting', 'retrying')`;
}

export type NoticeFilter = {
  alertId: string | null;
  destinationId: number | null;
  statuses: readonly NoticeStatus[] | null;
  after: string | null;
  limit: number;
};

/** Messages, the newest first. */
export async function listNoticeRows(
  sql: Sql,
  { alertId, destinationId, statuses, after, limit }: NoticeFilter,
): Promise<NoticeRow[]> {
  return sql<NoticeRow[]>`
    select ${columns(sql)} where (${after}::bigint is null or n.id < ${after})
      and (${alertId}::bigint is null or n.alert_id = ${alertId})
      and (${destinationId}::int is null or n.destination_id = ${destinationId})
      and (${statuses}::text[] is null or n.status = any(${statuses}::text[]))
    order by n.id desc limit ${limit}`;
}

export async function findNotice(sql: Sql | SqlTx, id: string): Promise<NoticeRow | null> {
  const [row] = await sql<NoticeRow[]>`select ${columns(sql)} where n.id = ${id}`;
  return row ?? null;
}

function columns(sql: Sql | SqlTx): ReturnType<Sql> {
  return sql`
    n.id, n.alert_id, a.rule_name as alert_name, n.kind, n.destination_id, d.name as destination_name,
    d.kind as destination_kind, n.status, n.created_at, n.next_attempt_at, n.attempts
    from alert_notices n join alert_destinations d on d.id = n.destination_id left join alerts a on a.id = n.alert_id`;
}

/** Removes messages that only tried a destination, before a moment. */
export async function dropOldTests(sql: Sql, before: string): Promise<void> {
  await sql`delete from alert_notices where alert_id is null and created_at < ${before}::timestamptz`;
}
