import type { Sql } from "../db.ts";
import { type SagaRow, sagaColumns } from "./saga-reading.ts";

/** A filter in the terms of the table. */
export type SagaConditions = {
  states: readonly number[];
  typeIds: readonly number[] | null;
  bases: readonly number[] | null;
  step: string | null;
  /** The beginning of a business key, its tail or a correlation. */
  q: string | null;
  /** Moments, RFC 3339. */
  from: string | null;
  to: string | null;
};

/**
 * How a list goes on: behind a row, by its state and microseconds (since when, when it began, or how long it lasts at
 * `nowUs`), and its id.
 */
export type SagaOrder = {
  by: "attention" | "newest" | "oldest" | "longest";
  after: { state: number; us: string; id: string } | null;
  nowUs: string;
  limit: number;
};

type Fragment = ReturnType<Sql>;

/** What leads to few sagas, of which all are looked at. */
export type SagaLead = "q" | "step" | "window";

/** More than anybody counts up to. */
const MOST_LED = 20_000;

/** How many sagas a condition alone leads to, counted up to a limit. */
export async function countLead(
  sql: Sql,
  conditions: SagaConditions,
  { lead, limit }: { lead: SagaLead; limit: number },
): Promise<number> {
  const [row] = await sql<{ found: number }[]>`
    select count(*)::int as found from (${leadIds(sql, conditions, lead)} limit ${limit}) found`;
  return row?.found ?? 0;
}

/** A page of the sagas that one condition leads to. */
export async function listByLead(
  sql: Sql,
  conditions: SagaConditions,
  { lead, order }: { lead: SagaLead; order: SagaOrder },
): Promise<SagaRow[]> {
  return sql<SagaRow[]>`
    with led as materialized (select distinct id from (${leadIds(sql, conditions, lead)}) ids)
    select ${sagaColumns(sql)} from led cross join lateral (select * from sagas where sagas.id = led.id offset 0) s
    join saga_types t on t.id = s.type_id
    where true ${residual(sql, conditions)} ${behind(sql, order)}
    order by ${orderTerms(sql, order)} limit ${order.limit}`;
}

function leadIds(sql: Sql, conditions: SagaConditions, lead: SagaLead): Fragment {
  const { q, step, states, from, to } = conditions;
  if (lead === "step") {
    return sql`select id from sagas where hashtextextended(step, 0) = hashtextextended(${step}::text, 0) and step = ${step}`;
  }
  if (lead === "window") {
    return sql`
      select one.id from unnest(${[...states]}::smallint[]) as lane (state) cross join lateral (
        select id from sagas where sagas.state = lane.state
          and started_at >= coalesce(${from}::timestamptz, '-infinity') and started_at < coalesce(${to}::timestamptz, 'infinity')
        order by started_at limit ${MOST_LED}) one`;
  }
  return sql`
    select id from sagas where ${begins(sql, sql`business_key`, q)}
    union all select id from sagas where ${begins(sql, sql`key_tail`, q)}
    union all select id from sagas where ${begins(sql, sql`correlation`, q)}`;
}

/** Characters in the order of their bytes, of which none stands behind U+10FFFF. */
function begins(sql: Sql, column: Fragment, q: string | null): Fragment {
  return sql`(lower(left(${column}, 200)) ~>=~ lower(${q}::text)
    and lower(left(${column}, 200)) ~<~ (lower(${q}::text) || chr(1114111)))`;
}

/** Where a list goes along an index: of a state, or of a state and a type. */
export type SagaLane = { state: number; typeId: number | null };

/** Numbers of failed, compensated and completed. */
const ENDED_STATES = [1, 5, 6];
const NO_ID = "00000000-0000-0000-0000-000000000000";

/** A page along the indexes of some lanes, whose rows are merged. */
export async function listByLanes(
  sql: Sql,
  conditions: SagaConditions,
  { lanes, order }: { lanes: readonly SagaLane[]; order: SagaOrder },
): Promise<SagaRow[]> {
  const { by, after, limit } = order;
  const own = lanes.filter(({ state }) => by !== "attention" || after === null || state >= after.state);
  const places = own.map(({ state }) => (state === after?.state ? after : null));
  const isTyped = own.some(({ typeId }) => typeId !== null);
  const parts = (by === "longest" ? (["open", "ended"] as const) : (["all"] as const)).map((keyed) =>
    laneRows(sql, conditions, { order, isTyped, keyed }),
  );
  return sql<SagaRow[]>`
    with lanes as materialized (
      select * from unnest(${own.map(({ state }) => state)}::smallint[], ${own.map(({ typeId }) => typeId)}::int[],
        ${places.map((place) => place?.us ?? "0")}::bigint[], ${places.map((place) => place?.id ?? NO_ID)}::uuid[]) as l (
        state, type_id, us, id)
    ), rows as (${parts.reduce((all, part) => sql`${all} union all ${part}`)})
    select ${sagaColumns(sql)} from rows s join saga_types t on t.id = s.type_id
    order by ${orderTerms(sql, order)} limit ${limit}`;
}

function laneRows(
  sql: Sql,
  conditions: SagaConditions,
  { order, isTyped, keyed }: { order: SagaOrder; isTyped: boolean; keyed: "all" | "open" | "ended" },
): Fragment {
  return sql`
    select one.* from lanes lane cross join lateral (
      select s.* from sagas s
      where s.state = lane.state ${isTyped ? sql`and s.type_id = lane.type_id` : sql``} ${residual(sql, conditions)}
        ${laneBehind(sql, order, keyed)}
      order by ${laneTerms(sql, order, keyed)} limit ${order.limit}
    ) one
    ${keyed === "all" ? sql`` : sql`where (lane.state = any(${ENDED_STATES}::smallint[])) = ${keyed === "ended"}`}`;
}

function laneTerms(sql: Sql, { by }: SagaOrder, keyed: "all" | "open" | "ended"): Fragment {
  if (by === "attention") return sql`s.since, s.id`;
  if (by === "newest") return sql`s.started_at desc, s.id desc`;
  if (by === "oldest") return sql`s.started_at, s.id`;
  return keyed === "ended" ? sql`s.took_us desc, s.id desc` : sql`s.started_at, s.id desc`;
}

function laneBehind(sql: Sql, order: SagaOrder, keyed: "all" | "open" | "ended"): Fragment {
  const { by, after, nowUs } = order;
  if (keyed === "open") {
    if (after === null) return sql`and s.took_us is null`;
    const startedUs = String(BigInt(nowUs) - BigInt(after.us));
    const bound = moment(sql, startedUs);
    return sql`and s.took_us is null and s.started_at >= ${bound} and (s.started_at > ${bound} or s.id < ${after.id}::uuid)`;
  }
  if (keyed === "ended") {
    if (after === null) return sql`and s.took_us is not null`;
    return sql`and s.took_us is not null and (s.took_us, s.id) < (${after.us}::bigint, ${after.id}::uuid)`;
  }
  if (by !== "attention") return behind(sql, order);
  return sql`and (s.since, s.id) > (timestamptz 'epoch' + lane.us * interval '1 microsecond', lane.id)`;
}

function behind(sql: Sql, order: SagaOrder): Fragment {
  const { by, after, nowUs } = order;
  if (after === null) return sql``;
  const [at, id] = [moment(sql, after.us), sql`${after.id}::uuid`];
  if (by === "attention") return sql`and (s.state, s.since, s.id) > (${after.state}::smallint, ${at}, ${id})`;
  if (by === "newest") return sql`and (s.started_at, s.id) < (${at}, ${id})`;
  if (by === "oldest") return sql`and (s.started_at, s.id) > (${at}, ${id})`;
  return sql`and (${lasting(sql, nowUs)}, s.id) < (${after.us}::bigint, ${id})`;
}

function orderTerms(sql: Sql, { by, nowUs }: SagaOrder): Fragment {
  if (by === "attention") return sql`s.state, s.since, s.id`;
  if (by === "newest") return sql`s.started_at desc, s.id desc`;
  if (by === "oldest") return sql`s.started_at, s.id`;
  return sql`${lasting(sql, nowUs)} desc, s.id desc`;
}

function lasting(sql: Sql, nowUs: string): Fragment {
  return sql`coalesce(s.took_us, ${nowUs}::bigint - (extract(epoch from s.started_at) * 1000000)::bigint)`;
}

/** Exact, other than by way of seconds. */
function moment(sql: Sql, us: string | undefined): Fragment {
  return sql`(timestamptz 'epoch' + ${us ?? null}::bigint * interval '1 microsecond')`;
}

function residual(sql: Sql, { states, typeIds, bases, step, q, from, to }: SagaConditions): Fragment {
  const parts: Fragment[] = [sql`and s.state = any(${[...states]}::smallint[])`];
  if (typeIds !== null) parts.push(sql`and s.type_id = any(${[...typeIds]}::int[])`);
  if (bases !== null) parts.push(sql`and s.basis = any(${[...bases]}::smallint[])`);
  if (step !== null) {
    parts.push(
      sql`and hashtextextended(s.step, 0) = hashtextextended(${step}::text, 0) and s.step = ${step}`,
    );
  }
  if (from !== null) {
    // Nothing lasts since before its beginning, but for what clocks differ by: this bounds a walk along `since`.
    parts.push(
      sql`and s.started_at >= ${from}::timestamptz and s.since >= ${from}::timestamptz - interval '1 minute'`,
    );
  }
  if (to !== null) parts.push(sql`and s.started_at < ${to}::timestamptz`);
  if (q !== null) {
    const any = ["business_key", "key_tail", "correlation"] as const;
    const [key, tail, value] = any.map((column) => begins(sql, sql`s.${sql(column)}`, q));
    parts.push(sql`and (${key ?? sql``} or ${tail ?? sql``} or ${value ?? sql``})`);
  }
  return parts.reduce((all, part) => sql`${all} ${part}`, sql``);
}
