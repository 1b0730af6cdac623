/** Reads what `TableWriter` packed; anything else is refused with the name of the column. */
export class TableReader {
  readonly rows: number;
  readonly #table: string;
  readonly #columns: Readonly<Record<string, unknown>>;
  readonly #names: readonly string[];

  constructor(packed: unknown, table: string, names: readonly string[]) {
    const { rows, columns } = readRecord(packed, table);
    if (typeof rows !== "number") throw new Error(`The packed trace has no ${table}.`);
    this.rows = rows;
    this.#table = table;
    this.#columns = readRecord(columns, table);
    this.#names = names;
  }

  numbers(column: string): (number | null)[] {
    return unpackNumbers(this.#columns[column], this.rows, this.#place(column));
  }

  /** Where no row is without a number. */
  counts(column: string): number[] {
    return this.numbers(column).map((value) => value ?? this.#refuse(column));
  }

  names(column: string): (string | null)[] {
    const indexes = goOn(this.#columns[column], this.rows, this.#place(column));
    return indexes.map((index) => (index === null ? null : this.#nameAt(index, column)));
  }

  /** Where no row is without a name. */
  words(column: string): string[] {
    return this.names(column).map((name) => name ?? this.#refuse(column));
  }

  /** Words of a closed list. */
  choices<T extends string>(column: string, list: readonly T[]): T[] {
    return this.options(column, list).map((one) => one ?? this.#refuse(column));
  }

  options<T extends string>(column: string, list: readonly T[]): (T | null)[] {
    return this.names(column).map((name) =>
      name === null ? null : (list.find((one) => one === name) ?? this.#refuse(column)),
    );
  }

  texts(column: string): (string | null)[] {
    const values = goOn(this.#columns[column], this.rows, this.#place(column));
    return values.map((value) => (typeof value === "number" ? this.#refuse(column) : value));
  }

  lists(column: string): number[][] {
    const sizes = this.counts(`${column}.size`);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const items = unpackNumbers(this.#columns[column], total, this.#place(column));
    let start = 0;
    return sizes.map((size) => {
      const list = items.slice(start, start + size);
      start += size;
      return list.map((item) => item ?? this.#refuse(column));
    });
  }

  nameLists(column: string): string[][] {
    return this.lists(column).map((list) => list.map((index) => this.#nameAt(index, column)));
  }

  #nameAt(index: unknown, column: string): string {
    return (typeof index === "number" ? this.#names[index] : undefined) ?? this.#refuse(column);
  }

  #refuse(column: string): never {
    throw new Error(`${this.#place(column)} of the packed trace can't be read.`);
  }

  #place(column: string): string {
    return `${this.#table}.${column}`;
  }
}

export function readRecord(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw new Error(`The packed trace has no ${place}.`);
  return { ...value };
}

export function readTexts(value: unknown, place: string): string[] {
  const isTexts = Array.isArray(value) && value.every((one) => typeof one === "string");
  if (!isTexts) throw new Error(`The packed trace has no ${place}.`);
  return value;
}

function unpackNumbers(column: unknown, rows: number, place: string): (number | null)[] {
  const isPlain = typeof column === "object" && column !== null && "plain" in column;
  const values = goOn(isPlain ? column.plain : column, rows, place);
  let previous = 0;
  return values.map((value) => {
    if (typeof value === "string") throw new Error(`${place} of the packed trace can't be read.`);
    if (value === null || isPlain) return value;
    previous += value;
    return previous;
  });
}

/** The last value of a column goes on to the end of its table. */
function goOn(column: unknown, rows: number, place: string): (number | string | null)[] {
  const isColumn =
    Array.isArray(column) &&
    column.length <= rows &&
    (column.length > 0 || rows === 0) &&
    column.every((value) => value === null || typeof value === "number" || typeof value === "string");
  if (!isColumn) throw new Error(`${place} of the packed trace can't be read.`);
  const [last = null] = column.slice(-1);
  return [...column, ...new Array(rows - column.length).fill(last)];
}
