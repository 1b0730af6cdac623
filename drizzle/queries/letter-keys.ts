import type { Sql, SqlTx } from "../db.ts";

type Part = ReturnType<Sql>;

/** What a letter is looked up by, each with the seed of its hashes. */
const SEED = { event_id: 0, correlation_id: 1, partition_key: 2 } as const;
export type LetterKey = keyof typeof SEED;

/** The numbered letters with a key, as `letter_keys k` and letters `l`, for a `from` clause. */
export function lettersByKey(sql: Sql | SqlTx): Part {
  return sql`letter_keys k join dead_letters_with_status l on l.number = k.number`;
}

/** Of such, that their key is this text. */
export function hasKey(sql: Sql | SqlTx, key: LetterKey, text: string): Part {
  return sql`k.hash = ${hash(sql, key, text)} and ${sql(`l.${key}`)} = ${text}`;
}

/** The same of letters `l` alone. */
export function isOfKey(sql: Sql | SqlTx, key: LetterKey, text: string): Part {
  return sql`l.number in (select k.number from letter_keys k where k.hash = ${hash(sql, key, text)})
    and ${sql(`l.${key}`)} = ${text}`;
}

/** The hashes of a row's keys, as a source of rows `key (hash)`. */
export function keysOf(sql: Sql | SqlTx, row: Part): Part {
  return sql`lateral (
    select hash from unnest(array[hashtextextended(${row}.event_id, ${SEED.event_id}),
      hashtextextended(${row}.correlation_id, ${SEED.correlation_id}),
      hashtextextended(${row}.partition_key, ${SEED.partition_key})]) as hash where hash is not null) key`;
}

/** Writes the keys of the letters that have a number and none yet, after they were stored by other means. */
export async function insertMissingKeys(sql: Sql | SqlTx): Promise<void> {
  await sql`
    insert into letter_keys (hash, number)
    select key.hash, l.number from dead_letters l cross join ${keysOf(sql, sql`l`)} where l.number is not null
    order by 1, 2 on conflict do nothing`;
}

function hash(sql: Sql | SqlTx, key: LetterKey, text: string): Part {
  return sql`hashtextextended(${text}, ${SEED[key]})`;
}
