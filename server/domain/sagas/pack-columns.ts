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
    const lists = this.#rows.map(read);
    this.#add(`${column}.size`, packNumbers(lists.map(({ length }) => length)));
    return this.#add(column, packNumbers(lists.flat()));
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
  let previous = 0;
  const differences = values.map((value) => {
    if (value === null) return null;
    const difference = value - previous;
    previous = value;
    return difference;
  });
  const isExact = (value: number | null) => value === null || Number.isSafeInteger(value);
  const isWhole = values.every(isExact) && differences.every(isExact);
  return isWhole ? endEarly(differences) : { plain: endEarly(values) };
}

/** Leaves away what repeats the last value. */
function endEarly<T>(values: readonly T[]): T[] {
  let length = values.length;
  while (length > 1 && values[length - 1] === values[length - 2]) length -= 1;
  return values.slice(0, length);
}
