/**
 * A column of a packed table. The last value goes on to the end of the table, so what is always the same stands once.
 * Whole numbers are written as what they differ by from the one before, others as they are (`plain`).
 */
export type PackedColumn = (number | string | null)[] | { plain: (number | null)[] };

export type PackedTable = { rows: number; columns: { [name: string]: PackedColumn } };

/** Texts that come again and again stand once, and columns name them by their index. */
export class NameTable {
  readonly all: string[] = [];
  readonly #indexes = new Map<string, number>();

  indexOf(name: string): number {
    const known = this.#indexes.get(name);
    if (known !== undefined) return known;
    this.#indexes.set(name, this.all.length);
    return this.all.push(name) - 1;
  }
}

/** Packs rows of one kind, a column for each thing that is asked of them. */
export class TableWriter<Row> {
  readonly #rows: readonly Row[];
  readonly #names: NameTable;
  readonly #columns: PackedTable["columns"] = {};

  constructor(rows: readonly Row[], names: NameTable) {
    this.#rows = rows;
    this.#names = names;
  }

  get packed(): PackedTable {
    return { rows: this.#rows.length, columns: this.#columns };
  }

  numbers(column: string, read: (row: Row) => number | null): this {
    return this.#add(column, packNumbers(this.#rows, read));
  }

  names(column: string, read: (row: Row) => string | null): this {
    const indexes = new Array<number | null>(this.#rows.length);
    let [known, index]: [string | null, number | null] = [null, null];
    let place = 0;
    for (const row of this.#rows) {
      const name = read(row);
      if (name !== known) {
        known = name;
        index = name === null ? null : this.#names.indexOf(name);
      }
      indexes[place++] = index;
    }
    return this.#add(column, endEarly(indexes));
  }

  texts(column: string, read: (row: Row) => string | null): this {
    return this.#add(column, endEarly(this.#rows.map(read)));
  }

  lists(column: string, read: (row: Row) => readonly number[]): this {
    const items: number[] = [];
    for (const row of this.#rows) for (const item of read(row)) items.push(item);
    this.#add(
      `${column}.size`,
      packNumbers(this.#rows, (row) => read(row).length),
    );
    return this.#add(
      column,
      packNumbers(items, (item) => item),
    );
  }

  nameLists(column: string, read: (row: Row) => readonly string[]): this {
    return this.lists(column, (row) => read(row).map((name) => this.#names.indexOf(name)));
  }

  #add(name: string, column: PackedColumn): this {
    this.#columns[name] = column;
    return this;
  }
}

function packNumbers<Row>(rows: readonly Row[], read: (row: Row) => number | null): PackedColumn {
  const differences = new Array<number | null>(rows.length);
  let previous = 0;
  let place = 0;
  for (const row of rows) {
    const value = read(row);
    const difference = value === null ? null : value - previous;
    if (value !== null && !(Number.isSafeInteger(value) && Number.isSafeInteger(difference))) {
      return { plain: endEarly(rows.map(read)) };
    }
    previous = value ?? previous;
    differences[place++] = difference;
  }
  return endEarly(differences);
}

/** Leaves away what repeats the last value. */
function endEarly<T>(values: T[]): T[] {
  let kept = values.length;
  while (kept > 1 && values[kept - 1] === values[kept - 2]) kept -= 1;
  values.length = kept;
  return values;
}
