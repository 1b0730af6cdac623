import { globToLike } from "#server/domain/glob.ts";
import type { SqlTx } from "../db.ts";
import { lockSagas } from "./saga-recognising.ts";

/**
 * Forgets sagas of which nothing was recorded from the position on, at most `limit`, with what they count for. Gives how
 * many that were. The maps keep them until their hour is forgotten.
 */
export async function deleteSagasBefore(
  tx: SqlTx,
  { moment, position, limit }: { moment: string; position: string; limit: number },
): Promise<number> {
  await lockSagas(tx);
  const [row] = await tx<{ gone: number }[]>`
    with old as materialized (
      select id from sagas
      where state = any(array(select generate_series(0, 6))::smallint[]) and started_at < ${moment}::timestamptz
        and last_position < ${position}
      limit ${limit}
    ), gone as (
      delete from sagas using old where sagas.id = old.id
      returning type_id, basis, state, coalesce(step, '') as step
    ), counted as (
      select type_id, basis, state, step, count(*) as sagas from gone group by 1, 2, 3, 4
    ), subtracted as (
      update saga_counts c set sagas = c.sagas - counted.sagas from counted
      where c.type_id = counted.type_id and c.basis = counted.basis and c.state = counted.state and c.step = counted.step
    )
    select count(*)::int as gone from gone`;
  await tx`delete from saga_counts where sagas = 0`;
  return row?.gone ?? 0;
}

/** Forgets the maps of hours before the moment, and types of which nothing is left. */
export async function deleteSagaMapsBefore(tx: SqlTx, moment: string): Promise<void> {
  await lockSagas(tx);
  await tx`delete from saga_maps where hour < ${moment}::timestamptz`;
  await tx`
    delete from saga_types t
    where not exists (select from sagas where type_id = t.id) and not exists (select from saga_maps where type_id = t.id)`;
}

/** Forgets to which flows events before the position belong, at most `limit` of them. Gives how many that were. */
export async function deleteMembersBefore(tx: SqlTx, position: string, limit: number): Promise<number> {
  const result = await tx`
    delete from flow_members where position = any(array(
      select position from flow_members where position < ${position} order by position limit ${limit}))`;
  return result.count;
}

/**
 * Forgets the sagas that begin with events of some sources, and whatever else is known of `marked_events`. Gives their
 * types.
 */
export async function deleteMarkedSagas(tx: SqlTx, sourcePrefix: string): Promise<string[]> {
  await lockSagas(tx);
  await tx`
    create temporary table marked_saga_types on commit drop as
      select distinct type_id as id from saga_starts where source_id in (
        select id from interned_names where field = 'source' and name like ${globToLike(`${sourcePrefix}*`)})`;
  await tx`delete from sagas where type_id in (select id from marked_saga_types)`;
  const types = await tx<{ type: string }[]>`
    delete from saga_types where id in (select id from marked_saga_types) returning type`;
  await tx`delete from flow_members where position in (select position from marked_events)`;
  return types.map(({ type }) => type);
}
