import type { Sql } from "../db.ts";
import { endOf } from "./ended-items.ts";
import { handedWith } from "./handed-stretches.ts";
import { ITEM_STATE, itemState } from "./open-items.ts";
import { itemsOf } from "./replay-parts.ts";

type LetterId = { position: string; subscription_id: number };

export type LetterActionRow = { at: string; actor: string; action: string; reason: string | null };

/** What was done to a letter apart from replays, oldest first. */
export async function listLetterActions(
  sql: Sql,
  { position, subscription_id }: LetterId,
): Promise<LetterActionRow[]> {
  return sql<LetterActionRow[]>`
    select at, actor, action, details ->> 'reason' as reason
    from letter_actions join audit_log on audit_log.id = audit_id
    where position = ${position} and subscription_id = ${subscription_id} order by audit_id`;
}

export type LetterReplayRow = {
  replay_id: number;
  at: string;
  actor: string;
  reason: string;
  is_edited: boolean;
  state: number;
  outcome: number | null;
  ended_at: string | null;
  new_case_id: number | null;
};

/** In which replays it was delivered again, oldest first. */
export async function listLetterReplays(
  sql: Sql,
  { position, subscription_id }: LetterId,
): Promise<LetterReplayRow[]> {
  return sql<LetterReplayRow[]>`
    select i.replay_id, coalesce(e.started_at, o.started_at, h.started_at, r.created_at) as at, r.actor, r.reason,
      ${itemState(sql)} as state, e.outcome, e.ended_at,
      e.new_case_id, exists (
        select from delivery_edits d
        where d.position = ${position} and d.subscription_id = ${subscription_id} and d.replay_id = i.replay_id) as is_edited
    from ${itemsOf(sql, sql`${position}::bigint`, sql`${subscription_id}::int`)} i join replays r on r.id = i.replay_id
    left join ${endOf(sql)} on true
    left join open_items o on o.replay_id = i.replay_id and o.state = ${ITEM_STATE.inFlight} and o.seq = i.seq
    left join ${handedWith(sql)} on true
    where coalesce(o.started_at, h.started_at) is not null or e.outcome is not null
    order by i.replay_id`;
}

/** Payloads that were edited for a delivery of the letter, oldest first. */
export async function listLetterEdits(
  sql: Sql,
  { position, subscription_id }: LetterId,
): Promise<{ generation: number; replay: number; text: string }[]> {
  return sql<{ generation: number; replay: number; text: string }[]>`
    select generation, replay_id as replay, data_text as text from delivery_edits
    where position = ${position} and subscription_id = ${subscription_id} order by generation`;
}
