import type { Sql } from "#drizzle/db.ts";

/** Types of which the first has half of all sagas, the next a quarter and so on. */
const TYPES = ["order", "payment", "shipment", "refund", "import", "audit"];

/**
 * Writes many sagas straight into the tables, with their counts: begun over the last week, nearly all ended, a few stuck,
 * about orders by number.
 */
export async function fillSagas(sql: Sql, count: number): Promise<void> {
  await sql`
    insert into saga_types (type, name, is_process)
    select '["service:' || name || '","' || name || '.placed"]', name || '.placed', true
    from unnest(${TYPES}::text[]) name`;
  await sql`
    insert into sagas (id, type_id, correlation_kind, correlation, business_key, key_tail, basis, state, since, started_at,
      ended_at, took_us, step, awaits, completed, steps, failed, compensated, to_compensate, events, services,
      first_position, last_position, held_position, look_at, looked_at, counted, counted_hour)
    select overlay(overlay(md5('saga' || n) placing '8' from 13) placing '8' from 17)::uuid, type_id, 0, md5('flow' || n), 'order-' || n, n::text, basis, state,
      case when state in (1, 5, 6) then started + took_us * interval '1 microsecond' else started + interval '3 seconds' end,
      started, case when state in (1, 5, 6) then started + took_us * interval '1 microsecond' end,
      case when state in (1, 5, 6) then took_us end,
      case when state in (1, 5, 6) then null else '["service:' || (array['payment', 'stock', 'mail', 'points'])[1 + h % 4] || '","do"]' end,
      case when state in (1, 5, 6) then null when state = 0 then 'replay' else 'delivery' end,
      3, 5, (state < 2)::int, 0, 0, 5, 4, n, n + 4, case when state = 0 then n end,
      case when state in (1, 5, 6) then null else now() + interval '1 hour' end, now(),
      case when state in (1, 5, 6) then decode(repeat(md5(n::text), 9), 'hex') end,
      case when state in (1, 5, 6) then date_trunc('hour', started) end
    from (
      select n, h, (select min(id) from saga_types) + least(${TYPES.length - 1}, floor(-ln((1 + h % 1000) / 1001.0) / ln(2)))::int as type_id,
        case when h % 1000 between 125 and 249 then 1 when h % 1000 between 62 and 124 then 0 else 2 end as basis,
        case when r < 10 then 0 when r < 110 then 1 when r < 120 then 2 when r < 420 then 3 when r < 450 then 4
          when r < 650 then 5 else 6 end as state,
        now() - interval '7 days' * (${count} - n) / ${count}::float8 as started,
        (100000 + power(r % 1000, 2) * 60)::bigint as took_us
      from (
        select n, abs(hashint4(n)::bigint) as h, abs(hashint4(n + 77777777)::bigint) % 10000 as r
        from generate_series(1, ${count}::int) n) numbered
    ) spread`;
  await sql`
    insert into saga_counts (type_id, basis, state, step, sagas)
    select type_id, basis, state, coalesce(step, ''), count(*) from sagas group by 1, 2, 3, 4`;
  await sql`vacuum analyze sagas`;
}
