import type { Sql } from "../db.ts";

type Part = ReturnType<Sql>;

/** Gives letters `l` another status, whatever they have, as those who change it do. */
export async function changeStatuses(
  sql: Sql,
  { status, where }: { status: Part; where: Part },
): Promise<void> {
  await sql`
    with given as materialized (
      select l.*, (${status})::smallint as becomes from dead_letters_with_status l where ${where}
    ), resolved as (
      delete from unresolved_letters u using given g
      where u.position = g.position and u.subscription_id = g.subscription_id and g.becomes = 2
      returning u.case_id, u.counted_as
    ), counted as (
      insert into case_moves (case_id, old, new, letters)
      select case_id, counted_as, 2, count(*) from resolved where counted_as <> 2 group by 1, 2
    )
    insert into unresolved_letters (position, subscription_id, number, case_id, status, counted_as, key)
    select position, subscription_id, number, case_id, becomes, counted_as,
      hashtextextended(partition_key, subscription_id) from given where becomes <> 2
    on conflict (position, subscription_id) do update set number = excluded.number, status = excluded.status`;
}

/** Parks the letters that were written to `dead_letters` alone. */
export async function parkStored(sql: Sql): Promise<void> {
  await sql`
    insert into unresolved_letters (position, subscription_id, number, case_id, status, counted_as, key)
    select position, subscription_id, number, case_id, 0, case when case_id is not null then 0 end,
      hashtextextended(partition_key, subscription_id) from dead_letters
    on conflict do nothing`;
}
