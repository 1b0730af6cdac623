import { expect } from "vitest";
import type { Sql } from "#drizzle/db.ts";
import { EMPTY_MAP, mergeMaps, type ProcessMap } from "#server/domain/sagas/process-map.ts";
import { unpackMap } from "../pack-map.ts";
import { STATES_BY_HARM } from "../saga-numbers.ts";

type Row = {
  correlation: string;
  subject: string | null;
  type: string;
  business_key: string | null;
  state: string;
  step: string | null;
  awaits: string | null;
  failure: string | null;
  progress: number[];
  events: number;
  held: boolean;
  counted: Uint8Array | null;
};

/** Every saga as it is written, with its state by name. */
export async function listRows(sql: Sql): Promise<Row[]> {
  const rows = await sql<(Omit<Row, "state"> & { state: number })[]>`
    select correlation, subject, type, business_key, state, step, awaits, failure,
      array[completed, steps, failed, compensated, to_compensate] as progress, events, held_position is not null as held,
      counted
    from sagas join saga_types t on t.id = type_id order by correlation, subject`;
  return rows.map((row) => ({ ...row, state: STATES_BY_HARM[row.state] ?? "" }));
}

export async function rowOf(sql: Sql, flow: string): Promise<Row> {
  const row = (await listRows(sql)).find(({ correlation }) => correlation === flow);
  if (row === undefined) throw new Error(`The flow ${flow} is no saga.`);
  return row;
}

/** What a saga is whatever it was recognised from; durations differ by when things were recorded. */
export async function standing(sql: Sql, flow: string) {
  const { counted, ...row } = await rowOf(sql, flow);
  const map = counted === null ? null : unpackMap(counted);
  return { ...row, branches: map?.branches, steps: Object.keys(map?.steps ?? {}).sort() };
}

/** The counts and maps agree with the rows. */
export async function expectExact(sql: Sql): Promise<void> {
  const counts =
    await sql`select type_id, basis, state, step, sagas::int from saga_counts order by 1, 2, 3, 4`;
  expect(counts).toEqual(
    await sql`
      select type_id, basis, state, coalesce(step, '') as step, count(*)::int as sagas from sagas
      group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
  );
  const maps = await sql<{ key: string; map: ProcessMap }[]>`
    select type_id || ' ' || hour as key, map from saga_maps order by 1`;
  const rows = await sql<{ key: string; counted: Uint8Array }[]>`
    select type_id || ' ' || counted_hour as key, counted from sagas where counted is not null order by 1`;
  const expected = [...Map.groupBy(rows, ({ key }) => key)].map(([key, own]) => ({
    key,
    map: own.map(({ counted }) => unpackMap(counted)).reduce(mergeMaps, EMPTY_MAP),
  }));
  expect(maps.map((one) => ({ ...one }))).toEqual(expected);
}

/** As if nothing had been recognised yet, and nothing recorded. */
export async function forgetSagas(sql: Sql): Promise<void> {
  await sql`
    truncate sagas, saga_types, saga_starts, saga_counts, saga_maps, flow_members, correlation_paths`;
  await sql`update checkpoints set position = safe_position() where name = 'sagas'`;
}
