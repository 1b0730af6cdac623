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

  numbers(column: string, read: (row: Row, index: number) => number | null): this {
    return this.#add(column, packNumbers(this.#rows.map(read)));
  }

  names(column: string, read: (row: Row) => string | null): this {
    const indexes = this.#rows.map((row) => {
      const name = read(row);
      return name === null ? null : this.#names.indexOf(name);
    });
    return this.#add(column, endEarly(indexes));
  }

  texts(column: string, read: (row: Row) => string | null): this {
    return this.#add(column, endEarly(this.#rows.map(read)));
  }

  lists(column: string, read: (row: Row) => readonly number[]): this {
    const sizes: number[] = [];
    const items: number[] = [];
    for (const row of this.#rows) {
      const list = read(row);
      sizes.push(list.length);
      for (const item of list) items.push(item);
    }
    this.#add(`${column}.size`, packNumbers(sizes));
    return this.#add(column, packNumbers(items));
  }

  nameLists(column: string, read: (row: Row) => readonly string[]): this {
    return this.lists(column, (row) => read(row).map((name) => this.#names.indexOf(name)));
  }

  #add(name: string, column: PackedColumn): this {
    this.#columns[name] = column;
    return this;
  }
}

function packNumbers(values: readonly (number | null)[]): PackedColumn {
  const differences: (number | null)[] = [];
  let previous = 0;
  for (const value of values) {
    if (value === null) {
      differences.push(null);
      continue;
    }
    const difference = value - previous;
    if (!Number.isSafeInteger(value) || !Number.isSafeInteger(difference)) {
      return { plain: endEarly([...values]) };
    }
    differences.push(difference);
    previous = value;
  }
  return endEarly(differences);
}

/** Leaves away what repeats the last value. */
function endEarly<T>(values: T[]): T[] {
  while (values.length > 1 && values.at(-1) === values.at(-2)) values.pop();
  return values;
}
