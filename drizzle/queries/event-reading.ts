import type { Sql } from "../db.ts";
import { findCommonPositions, isWorthMeeting, type NamePair, pairNames } from "./common-positions.ts";
import {
  floorOfNamed,
  type NameColumn,
  type Named,
  newestNamed,
  newestOfNames,
  postingName,
} from "./named-events.ts";

/** Columns that a list shows; the payload is read only where it is asked for. */
export type SummaryRow = {
  position: string;
  id: string;
  type_id: number;
  source_id: number;
  channel_id: number | null;
  content_type_id: number | null;
  subject: string | null;
  kind: number | null;
  shape: number;
  event_micros: string | null;
  time_text: string | null;
  correlation_id: string | null;
  causation_id: string | null;
  partition_key: string | null;
  data_encoding: number;
  data_size: number;
  data_text?: string | null;
  data_bytes?: Uint8Array | null;
};

/** Names by id where they are few, by `like` patterns where they are many. */
export type NameCondition = { ids: number[] } | { likes: string[] };

/** A filter in the terms of the table: names resolved, moments turned into positions, globs into `like` patterns. */
export type EventConditions = {
  /** First position of the range, inclusive. */
  from: string;
  /** End of the range, exclusive. */
  before: string;
  types: NameCondition | null;
  sources: NameCondition | null;
  /** Exact subjects, when no glob is among them. */
  subjects: string[] | null;
  subjectLikes: string[] | null;
  kinds: number[] | null;
  correlationId: string | null;
  /** `like` patterns of which one must match the payload text, ignoring case. */
  payloadLikes: string[] | null;
};

/** What leads the way; the conditions that it does not answer are checked on the rows that it gives. */
type Driver = RowDriver | { by: "pair"; pair: NamePair };
type RowDriver =
  | { by: "correlation"; id: string }
  | { by: "names"; column: NameColumn; ids: readonly number[] }
  | { by: "subjects"; subjects: readonly string[] };

/** `residual` says whether conditions remain that it does not answer. */
async function chooseDriver(
  sql: Sql,
  conditions: EventConditions,
): Promise<{ driver: Driver | null; residual: boolean }> {
  const { types, sources, subjects, subjectLikes, kinds, correlationId, payloadLikes } = conditions;
  const others = [types, sources, subjects, subjectLikes, kinds, correlationId, payloadLikes].filter(
    (one) => one !== null,
  ).length;
  const led = (driver: Driver) => ({ driver, residual: others > (driver.by === "pair" ? 2 : 1) });
  if (correlationId !== null) return led({ by: "correlation", id: correlationId });
  if (subjects !== null) return led({ by: "subjects", subjects: [...new Set(subjects)] });
  const byName = await namedDriver(sql, conditions);
  return byName === null ? { driver: null, residual: others > 0 } : led(byName);
}

async function namedDriver(
  sql: Sql,
  { types, sources, from, before }: EventConditions,
): Promise<Driver | null> {
  const typeIds = types !== null && "ids" in types ? types.ids : null;
  const sourceIds = sources !== null && "ids" in sources ? sources.ids : null;
  const byType: Driver | null = typeIds && { by: "names", column: "type_id", ids: typeIds };
  const bySource: Driver | null = sourceIds && { by: "names", column: "source_id", ids: sourceIds };
  if (typeIds === null || sourceIds === null) return bySource ?? byType;
  if (typeIds.length === 0 || sourceIds.length === 0) return typeIds.length === 0 ? byType : bySource;
  const sets = [
    { column: "type_id", ids: typeIds },
    { column: "source_id", ids: sourceIds },
  ] as const;
  const pair = await pairNames(sql, sets, { from, before });
  if (isWorthMeeting(pair)) return { by: "pair", pair };
  return pair.rarer.column === "type_id" ? byType : bySource;
}

export type EventPage = {
  /** Newest first. */
  rows: SummaryRow[];
  /** Everything from here on was looked at; null when the whole range was. */
  searchedFrom: string | null;
};

type ListOptions = { limit: number; budget: number; withData: boolean };

/**
 * Events of the range, newest first, in bounded work: an index or postings lead, and where conditions remain that they
 * do not answer, about `budget` of their rows at most are looked at. `searchedFrom` says how far that went.
 */
export async function listEvents(
  sql: Sql,
  conditions: EventConditions,
  options: ListOptions,
): Promise<EventPage> {
  const { driver, residual } = await chooseDriver(sql, conditions);
  if (driver?.by === "pair") return listEventsOfPair(sql, conditions, { ...options, ...driver, residual });
  const { limit, budget, withData } = options;
  const named = namedBy(driver);
  if (named?.length === 0) return { rows: [], searchedFrom: null };
  const floor = residual ? await searchFloor(sql, conditions, driver, budget) : null;
  const from = floor ?? conditions.from;
  const columns = summaryColumns(sql, withData);
  const rest: ReturnType<Sql> = residual ? residualConditions(sql, conditions) : sql``;
  const { before } = conditions;
  if (driver?.by === "names" && !residual) {
    const newest = newestOfNames(sql, { column: driver.column, names: driver.ids, from, before, limit });
    const rows = await sql<SummaryRow[]>`
      select ${columns} from (${newest}) events order by position desc limit ${limit}`;
    return { rows, searchedFrom: null };
  }
  const branches = named?.map(
    (one) => sql`(${newestNamed(sql, { ...one, from, before, rest })} limit ${limit}) events`,
  ) ?? [sql`events where position >= ${from} and position < ${before} ${ofFlow(sql, driver)} ${rest}`];
  const all = branches
    .map(
      (events): ReturnType<Sql> =>
        sql`(select ${columns} from ${events} order by position desc limit ${limit})`,
    )
    .reduce((some, branch) => sql`${some} union all ${branch}`);
  const rows = await sql<SummaryRow[]>`select * from (${all}) found order by position desc limit ${limit}`;
  return { rows, searchedFrom: rows.length === limit ? null : floor };
}

/** Events that are read at once, where conditions remain that positions don't answer. */
const READ_AT_ONCE = 500;
/** To look a position up takes as long as to read two rows that an index leads to, or to search half a payload. */
const LOOK_UPS_OF_ROW = 0.5;
const LOOK_UPS_OF_PAYLOAD = 2;

/**
 * Events that have a name of both sets: first of the last ones, which have no postings yet, then those at positions that
 * postings of both sets tell of. Each position that is looked up there, and each event that is read, takes from the budget.
 */
async function listEventsOfPair(
  sql: Sql,
  conditions: EventConditions,
  { pair, residual, limit, budget, withData }: ListOptions & { pair: NamePair; residual: boolean },
): Promise<EventPage> {
  const { from, before } = conditions;
  const price = conditions.payloadLikes === null ? LOOK_UPS_OF_ROW : LOOK_UPS_OF_PAYLOAD;
  const work = { left: Math.ceil(budget * price) };
  const matching = residualConditions(sql, conditions);
  const read = (where: ReturnType<Sql>) => sql<SummaryRow[]>`
    select ${summaryColumns(sql, withData)} from events where ${where} ${matching}
    order by position desc limit ${limit}`;
  const rows: SummaryRow[] = await read(
    sql`position > ${pair.end} and position >= ${from} and position < ${before}`,
  );
  if (rows.length === limit) return { rows, searchedFrom: null };
  const most = residual ? READ_AT_ONCE : limit;
  let searchedFrom: string | null = null;
  for await (const step of findCommonPositions(sql, pair, { from, before, most, work })) {
    searchedFrom = step.reached;
    const [newest, oldest] = [step.positions[0], step.positions.at(-1)];
    if (newest === undefined || oldest === undefined) continue;
    // Both ends are there for partitions: they leave out all but one or two.
    const found = await read(sql`
      position = any(${step.positions}::bigint[]) and position >= ${oldest} and position <= ${newest}`);
    rows.push(...found.slice(0, limit - rows.length));
    if (rows.length === limit) return { rows, searchedFrom: null };
    work.left -= step.positions.length * price;
  }
  return { rows, searchedFrom };
}

/**
 * The position down to which `budget` leading rows reach, so that a search looks at no more of them.
 * With several keys each gets its share, and the search ends where the first one's is used up.
 */
async function searchFloor(
  sql: Sql,
  { from, before }: EventConditions,
  driver: RowDriver | null,
  budget: number,
): Promise<string | null> {
  const named = namedBy(driver);
  const share = Math.max(100, Math.floor(budget / (named?.length ?? 1)));
  const floors = named?.map((one): ReturnType<Sql> => {
    const floor = floorOfNamed(sql, { name: postingName(sql, one), from, before, events: share });
    return sql`(select ${floor} as position)`;
  }) ?? [
    sql`(
      select position from events where position >= ${from} and position < ${before} ${ofFlow(sql, driver)}
      order by position desc offset ${share} limit 1)`,
  ];
  const all = floors.reduce((some, floor) => sql`${some} union all ${floor}`);
  const [row] = await sql<{ floor: string | null }[]>`
    select max(position) as floor from (${all}) reached where position > ${from}`;
  return row?.floor ?? null;
}

/** Those that are looked for in postings; null when these don't lead. */
function namedBy(driver: RowDriver | null): Named[] | null {
  if (driver?.by === "names") return driver.ids.map((name) => ({ column: driver.column, name }));
  if (driver?.by === "subjects") return driver.subjects.map((subject) => ({ subject }));
  return null;
}

/** `and …`: an event is of the flow that leads, if one does. */
function ofFlow(sql: Sql, driver: RowDriver | null): ReturnType<Sql> {
  if (driver?.by !== "correlation") return sql``;
  return sql`and hashtextextended(correlation_id, 0) = hashtextextended(${driver.id}, 0)
    and correlation_id = ${driver.id}`;
}

function residualConditions(sql: Sql, conditions: EventConditions): ReturnType<Sql> {
  const { types, sources, subjects, subjectLikes, kinds, correlationId, payloadLikes } = conditions;
  const parts: ReturnType<Sql>[] = [];
  if (types) parts.push(nameCondition(sql, sql`type_id`, "type", types));
  if (sources) parts.push(nameCondition(sql, sql`source_id`, "source", sources));
  if (subjects) parts.push(sql`and subject = any(${subjects}::text[])`);
  if (subjectLikes) parts.push(sql`and subject like any(${subjectLikes}::text[])`);
  if (kinds) parts.push(sql`and kind = any(${kinds}::smallint[])`);
  if (correlationId !== null) parts.push(sql`and correlation_id = ${correlationId}`);
  if (payloadLikes) parts.push(sql`and data_text ilike any(${payloadLikes}::text[])`);
  return parts.reduce((all, part) => sql`${all} ${part}`, sql``);
}

function nameCondition(
  sql: Sql,
  column: ReturnType<Sql>,
  field: string,
  condition: NameCondition,
): ReturnType<Sql> {
  if ("ids" in condition) return sql`and ${column} = any(${condition.ids}::int[])`;
  return sql`and ${column} in (
    select id from interned_names where field = ${field} and name like any(${condition.likes}::text[]))`;
}

/** The columns of `SummaryRow`, for a `select` from `events`. */
export function summaryColumns(sql: Sql, withData: boolean): ReturnType<Sql> {
  return sql`position, id, type_id, source_id, channel_id, content_type_id, subject, kind, shape,
    (extract(epoch from event_time) * 1000000)::bigint as event_micros, time_text,
    correlation_id, causation_id, partition_key, data_encoding,
    coalesce(octet_length(data_text), octet_length(data_bytes), 0) as data_size
    ${withData ? sql`, data_text, data_bytes` : sql``}`;
}

/** The first events of a flow, oldest first, at most `limit`. */
export async function listFlowEvents(sql: Sql, correlationId: string, limit: number): Promise<SummaryRow[]> {
  return sql<SummaryRow[]>`
    select ${summaryColumns(sql, false)} from events
    where hashtextextended(correlation_id, 0) = hashtextextended(${correlationId}, 0)
      and correlation_id = ${correlationId}
    order by position limit ${limit}`;
}
