import type { Sql, SqlTx } from "#drizzle/db.ts";
import { type InternedField, internNames, listNamesById } from "#drizzle/queries/interned-names.ts";

const MAX_CACHED = 200_000;

export type WantedName = { field: InternedField; name: string };

/** Gives the id of a name that was asked for; null stays null. */
export type NameIds = (field: InternedField, name: string | null) => number | null;

/**
 * The interned names of this process: text to id on the write path, id to text on the read path. An id never
 * changes its name, so nothing cached goes stale; when the cache is full it starts anew.
 */
export class NameCache {
  readonly #sql: Sql;
  #ids = new IdsByField();
  #names = new Map<number, string>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Makes ids for all names that have none yet, and gives a lookup that holds them whatever the cache does later. */
  async ensure(wanted: WantedName[]): Promise<NameIds> {
    if (this.#ids.size >= MAX_CACHED) this.#ids = new IdsByField();
    const ids = this.#ids;
    const missing = wanted.filter(({ field, name }) => ids.get(field, name) === undefined);
    if (missing.length > 0) {
      for (const { field, name, id } of await internNames(this.#sql, missing)) ids.set(field, name, id);
    }
    return (field, name) => {
      if (name === null) return null;
      const id = ids.get(field, name);
      if (id === undefined) throw new Error(`A ${field} was not among the names that were asked for.`);
      return id;
    };
  }

  /**
   * Looks up, in one query, the names of those ids that are not known here yet. Inside of a transaction, give that one:
   * transactions that each wait for a second connection of the pool can use all of it up and wait for ever.
   */
  async resolve(ids: Iterable<number>, sql: Sql | SqlTx = this.#sql): Promise<(id: number) => string> {
    if (this.#names.size >= MAX_CACHED) this.#names = new Map();
    const names = this.#names;
    const missing = [...new Set(ids)].filter((id) => !names.has(id));
    if (missing.length > 0) {
      for (const row of await listNamesById(sql, missing)) names.set(row.id, row.name);
    }
    return (id) => names.get(id) ?? `#${id}`;
  }
}

/** A map for each field: on the way of every event, a key made of field and name would cost more than the lookup. */
class IdsByField {
  readonly #fields = new Map<InternedField, Map<string, number>>();
  size = 0;

  get(field: InternedField, name: string): number | undefined {
    return this.#fields.get(field)?.get(name);
  }

  set(field: InternedField, name: string, id: number): void {
    let ids = this.#fields.get(field);
    if (ids === undefined) {
      ids = new Map();
      this.#fields.set(field, ids);
    }
    if (!ids.has(name)) this.size += 1;
    ids.set(name, id);
  }
}
