import type { Sql, SqlTx } from "../db.ts";

export const INTERNED_FIELDS = [
  "type",
  "source",
  "channel",
  "kind",
  "content-type",
  "data-schema",
  "aggregate-type",
] as const;
export type InternedField = (typeof INTERNED_FIELDS)[number];

export type InternedName = { id: number; field: InternedField; name: string };

/** Stores the names that are missing and gives the ids of all. Commits by itself, so an id is valid for everybody. */
export async function internNames(
  sql: Sql,
  wanted: { field: InternedField; name: string }[],
): Promise<InternedName[]> {
  const fields = wanted.map((one) => one.field);
  const names = wanted.map((one) => one.name);
  // Sorted, so that two processes that add the same names wait for each other instead of deadlocking.
  await sql`
    insert into interned_names (field, name)
    select distinct field, name from unnest(${fields}::text[], ${names}::text[]) as wanted (field, name)
    where not exists (
      select from interned_names known
      where known.field = wanted.field and md5(known.name) = md5(wanted.name))
    order by field, name
    on conflict do nothing`;
  return sql<InternedName[]>`
    select known.id, known.field, known.name
    from interned_names known
    join (select distinct field, name from unnest(${fields}::text[], ${names}::text[]) as w (field, name)) wanted
      on known.field = wanted.field and md5(known.name) = md5(wanted.name)`;
}

/** The names behind these ids; unknown ids are left out. */
export async function listNamesById(sql: Sql | SqlTx, ids: number[]): Promise<InternedName[]> {
  return sql<InternedName[]>`select id, field, name from interned_names where id = any(${ids}::int[])`;
}

/** Ids of names that one of the `like` patterns matches, at most `limit`. */
export async function listNameIdsLike(
  sql: Sql | SqlTx,
  field: InternedField,
  patterns: string[],
  limit: number,
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id from interned_names where field = ${field} and name like any(${patterns}::text[]) limit ${limit}`;
  return rows.map((row) => row.id);
}

/** Names of one field, at most `limit`, in no order. */
export async function listNamesOfField(
  sql: Sql,
  field: InternedField,
  limit: number,
): Promise<InternedName[]> {
  return sql<InternedName[]>`
    select id, field, name from interned_names where field = ${field} limit ${limit}`;
}

/** The id of a name, or null when nothing has been stored under it. */
export async function findNameId(
  sql: Sql | SqlTx,
  field: InternedField,
  name: string,
): Promise<number | null> {
  const [row] = await sql<{ id: number }[]>`
    select id from interned_names where field = ${field} and md5(name) = md5(${name}) and name = ${name}`;
  return row?.id ?? null;
}
