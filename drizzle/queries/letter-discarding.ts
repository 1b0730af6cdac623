import type { Sql, SqlTx } from "../db.ts";
import { LETTER_STATUS } from "./dead-letters.ts";
import { isNotHanded } from "./handed-stretches.ts";
import { lockHanding } from "./replay-handing.ts";

type Action = {
  /** A condition on `dead_letters_with_status l`. */
  where: ReturnType<Sql>;
  auditId: string;
};

/**
 * Discards the parked ones of some letters with their deliveries, and gives how many those were. What waits behind one of
 * them in its key goes on. One whose delivery a replay has just made due is left to that.
 */
export async function discardParked(tx: SqlTx, { where, auditId }: Action): Promise<number> {
  await lockHanding(tx);
  const [row] = await tx<{ letters: number }[]>`
    with chosen as materialized (
      select l.position, l.subscription_id, l.partition_key, l.died_at from dead_letters_with_status l
      join unresolved_letters u on u.position = l.position and u.subscription_id = l.subscription_id and u.number = l.number
      join deliveries d on d.position = l.position and d.subscription_id = l.subscription_id and d.status = 4
      where ${where} and u.status = ${LETTER_STATUS.parked} and ${isNotHanded(tx)}
      order by l.position, l.subscription_id for update of u, d
    ), ${moved(tx, LETTER_STATUS.discarded)}, settled as (
      update deliveries d set status = 5, settled_at = now(), ordering_key = null
      from moved m
      where d.position = m.position and d.subscription_id = m.subscription_id and d.status = 4
    ), ${noted(tx, auditId)}
    select count(*)::int as letters from moved`;
  return row?.letters ?? 0;
}

/**
 * Parks the discarded ones of some letters again and lets their deliveries be dead as before, in the same generation.
 * Where a dead letter blocks its key, so does each of these.
 */
export async function restoreDiscarded(tx: SqlTx, { where, auditId }: Action): Promise<number> {
  const [row] = await tx<{ letters: number }[]>`
    with chosen as materialized (
      select l.position, l.subscription_id, l.partition_key, l.died_at from dead_letters_with_status l
      join unresolved_letters u on u.position = l.position and u.subscription_id = l.subscription_id and u.number = l.number
      where ${where} and u.status = ${LETTER_STATUS.discarded}
      order by l.position, l.subscription_id for update of u
    ), ${moved(tx, LETTER_STATUS.parked)}, settled as (
      update deliveries d set status = 4, settled_at = m.died_at,
        ordering_key = case when s.ordering = 'key' and s.on_dead = 'block' and s.deleted_at is null
          then m.partition_key end
      from moved m join subscriptions s on s.id = m.subscription_id
      where d.position = m.position and d.subscription_id = m.subscription_id and d.status = 5
    ), ${noted(tx, auditId)}
    select count(*)::int as letters from moved`;
  return row?.letters ?? 0;
}

/** Those that were chosen, in one order for everybody, so that two transactions never wait for each other. */
function moved(tx: SqlTx, to: number): ReturnType<Sql> {
  return tx`moved as (
      update unresolved_letters u set status = ${to} from chosen c
      where u.position = c.position and u.subscription_id = c.subscription_id
      returning u.position, u.subscription_id, c.partition_key, c.died_at
    )`;
}

function noted(tx: SqlTx, auditId: string): ReturnType<Sql> {
  return tx`noted as (
      insert into letter_actions (position, subscription_id, audit_id)
      select position, subscription_id, ${auditId}::bigint from moved
    )`;
}

/** How many of some letters have a status, and how many don't. */
export async function countByStatus(
  tx: SqlTx,
  where: ReturnType<Sql>,
  status: number,
): Promise<{ having: number; others: number }> {
  const [row] = await tx<{ having: number; others: number }[]>`
    select count(*) filter (where l.status = ${status})::int as having,
      count(*) filter (where l.status <> ${status})::int as others
    from dead_letters_with_status l where ${where}`;
  return row ?? { having: 0, others: 0 };
}
