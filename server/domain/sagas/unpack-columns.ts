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
    return this.#unpack(column, this.rows);
  }

  /** Where no row is without a number. */
  counts(column: string): number[] {
    return this.#present(column, this.rows);
  }

  names(column: string): (string | null)[] {
    return this.#read(column, (index) => (index === null ? null : this.#nameAt(index, column)));
  }

  /** Where no row is without a name. */
  words(column: string): string[] {
    return this.#read(column, (index) => this.#nameAt(index, column));
  }

  /** Words of a closed list. */
  choices<T extends string>(column: string, list: readonly T[]): T[] {
    const known = this.#choose(column, list);
    return this.#read(column, (index) => known(index) ?? this.#refuse(column));
  }

  options<T extends string>(column: string, list: readonly T[]): (T | null)[] {
    return this.#read(column, this.#choose(column, list));
  }

  texts(column: string): (string | null)[] {
    return this.#read(column, (value) =>
      value === null || typeof value === "string" ? value : this.#refuse(column),
    );
  }

  lists(column: string): number[][] {
    const sizes = this.counts(`${column}.size`);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const items = this.#present(column, total);
    // Most lists of a large trace are empty: those are one.
    const none: number[] = [];
    let start = 0;
    return sizes.map((size) => {
      if (size === 0) return none;
      start += size;
      return items.slice(start - size, start);
    });
  }

  nameLists(column: string): string[][] {
    return this.lists(column).map((list) => list.map((index) => this.#nameAt(index, column)));
  }

  /** The last value of a column goes on to the end of its table: it is read once. */
  #read<T>(column: string, read: (value: unknown) => T): T[] {
    const values = this.#valuesOf(this.#columns[column], this.rows, column);
    const found = new Array<T>(this.rows);
    for (let row = 0; row < values.length; row += 1) found[row] = read(values[row]);
    const last = found[values.length - 1];
    // Where there are rows there is a value.
    return found.fill(last as T, values.length);
  }

  /** Where no row is without a number. */
  #present(column: string, rows: number): number[] {
    const found = this.#unpack(column, rows);
    if (found.includes(null)) this.#refuse(column);
    // None of them is null.
    return found as number[];
  }

  #unpack(column: string, rows: number): (number | null)[] {
    const packed = this.#columns[column];
    const isPlain = typeof packed === "object" && packed !== null && "plain" in packed;
    const values = this.#valuesOf(isPlain ? packed.plain : packed, rows, column);
    const found = new Array<number | null>(rows);
    const lastPlace = values.length - 1;
    let previous = 0;
    for (let row = 0; row < rows; row += 1) {
      const value = values[Math.min(row, lastPlace)];
      if (value === null) found[row] = null;
      else if (typeof value === "number") {
        previous = isPlain ? value : previous + value;
        found[row] = previous;
      } else this.#refuse(column);
    }
    return found;
  }

  #valuesOf(column: unknown, rows: number, name: string): readonly unknown[] {
    const isColumn = Array.isArray(column) && column.length <= rows && (column.length > 0 || rows === 0);
    return isColumn ? column : this.#refuse(name);
  }

  /** Each word is looked up in the list once. */
  #choose<T extends string>(column: string, list: readonly T[]): (index: unknown) => T | null {
    const known = new Map<unknown, T | null>([[null, null]]);
    return (index) => {
      const found = known.get(index);
      if (found !== undefined) return found;
      const name = this.#nameAt(index, column);
      const one = list.find((each) => each === name) ?? this.#refuse(column);
      known.set(index, one);
      return one;
    };
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
