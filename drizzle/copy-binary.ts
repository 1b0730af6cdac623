import { Writable } from "node:stream";
import type { Sql, SqlTx } from "./db.ts";

const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const POSTGRES_EPOCH_MILLIS = 946_684_800_000;
const POSTGRES_EPOCH_MICROS = 946_684_800_000_000n;

/**
 * Builds the rows of a `COPY … FROM STDIN (FORMAT binary)`: one buffer, no text escaping on either side.
 *
 * @see https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
 */
export class BinaryCopy {
  #buffer: Buffer;
  #length: number;

  constructor(expectedBytes: number) {
    this.#buffer = Buffer.allocUnsafe(Math.max(expectedBytes, 4096));
    this.#length = SIGNATURE.copy(this.#buffer);
  }

  row(columns: number): void {
    this.#reserve(2);
    this.#length = this.#buffer.writeInt16BE(columns, this.#length);
  }

  none(): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeInt32BE(-1, this.#length);
  }

  int2(value: number | null): void {
    if (value === null) {
      this.none();
      return;
    }
    this.#reserve(6);
    this.#length = this.#buffer.writeInt32BE(2, this.#length);
    this.#length = this.#buffer.writeInt16BE(value, this.#length);
  }

  int4(value: number | null): void {
    if (value === null) {
      this.none();
      return;
    }
    this.#reserve(8);
    this.#length = this.#buffer.writeInt32BE(4, this.#length);
    this.#length = this.#buffer.writeInt32BE(value, this.#length);
  }

  /** @param value a whole number that a double holds exactly. */
  int8(value: number): void {
    this.#reserve(12);
    const high = Math.floor(value / 0x1_0000_0000);
    this.#length = this.#buffer.writeInt32BE(8, this.#length);
    this.#length = this.#buffer.writeInt32BE(high, this.#length);
    this.#length = this.#buffer.writeUInt32BE(value - high * 0x1_0000_0000, this.#length);
  }

  /** @param micros microseconds since 1970. */
  timestamp(micros: bigint | null): void {
    if (micros === null) {
      this.none();
      return;
    }
    this.#reserve(12);
    this.#length = this.#buffer.writeInt32BE(8, this.#length);
    this.#length = this.#buffer.writeBigInt64BE(micros - POSTGRES_EPOCH_MICROS, this.#length);
  }

  /** @param micros microseconds since 1970 that a double holds exactly. */
  timestampMicros(micros: number | null): void {
    if (micros === null) this.none();
    else this.int8(micros - POSTGRES_EPOCH_MILLIS * 1000);
  }

  /** @param millis whole milliseconds since 1970. */
  timestampMillis(millis: number): void {
    this.#reserve(12);
    const since = millis - POSTGRES_EPOCH_MILLIS;
    // A thousand times this may be more than a double holds, so both halves are multiplied by themselves.
    const high = Math.floor(since / 0x1_0000_0000);
    const low = (since - high * 0x1_0000_0000) * 1000;
    const carried = Math.floor(low / 0x1_0000_0000);
    this.#length = this.#buffer.writeInt32BE(8, this.#length);
    this.#length = this.#buffer.writeInt32BE(high * 1000 + carried, this.#length);
    this.#length = this.#buffer.writeUInt32BE(low - carried * 0x1_0000_0000, this.#length);
  }

  text(value: string | null): void {
    if (value === null) {
      this.none();
      return;
    }
    this.#reserve(4 + value.length * 3);
    const bytes = this.#buffer.write(value, this.#length + 4, "utf8");
    this.#buffer.writeInt32BE(bytes, this.#length);
    this.#length += 4 + bytes;
  }

  bytes(value: Uint8Array | null): void {
    if (value === null) {
      this.none();
      return;
    }
    this.#reserve(4 + value.length);
    this.#length = this.#buffer.writeInt32BE(value.length, this.#length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** @param value hexadecimal with dashes, as UUIDs are written. */
  uuid(value: string): void {
    this.#reserve(20);
    this.#length = this.#buffer.writeInt32BE(16, this.#length);
    this.#length += this.#buffer.write(value.replaceAll("-", ""), this.#length, "hex");
  }

  /** @returns everything written, with the trailer; the builder must not be used after. */
  finish(): Buffer {
    this.#reserve(2);
    this.#length = this.#buffer.writeInt16BE(-1, this.#length);
    return this.#buffer.subarray(0, this.#length);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/**
 * Sends statements as one, which is one transaction: a query of at most one row, and COPYs that get their rows in
 * turn. A round trip for each COPY and one for the commit is all it takes.
 *
 * Rejects with the server's own error, such as a unique violation; nothing is stored then.
 *
 * @param statements constants and numbers of ours; nothing of a caller's input may be in them.
 * @param rowsOf gives, for the row of the query, what makes the rows of each COPY.
 */
export async function copyInTurn<Row>(
  sql: Sql | SqlTx,
  statements: readonly string[],
  rowsOf: (row: Row | undefined) => readonly (() => Buffer)[],
): Promise<void> {
  const query = sql.unsafe(statements.join(";"));
  let row: Row | undefined;
  let waiting: (() => Buffer)[] | null = null;
  await new Promise<void>((resolve, reject) => {
    const feed = (stream: Writable) => {
      const { _destroy: abandon } = stream;
      // The driver (3.4) abandons the COPY under way whenever a stream is destroyed, even one that has ended well.
      stream._destroy = (error, done) => (error ? abandon.call(stream, error, done) : done(null));
      stream.once("error", reject);
      try {
        waiting ??= [...rowsOf(row)];
        const makeRows = waiting.shift();
        stream.end(makeRows?.());
      } catch (error) {
        stream.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    };
    // The driver settles a query when it hands out the stream of its first COPY: what comes after that, a further
    // stream, the end or an error, it gives to nobody but these.
    Object.assign(query, {
      isCopy: true,
      forEachFn: (found: Row) => {
        row = found;
      },
      resolve: (settled: unknown) => (settled instanceof Writable ? feed(settled) : resolve()),
      reject,
    });
    query.execute();
  });
}

/**
 * Sends ready rows to a table and waits until the server took them all.
 *
 * @param statement a constant `copy … from stdin (format binary)`; nothing of a caller's input may be in it.
 */
export async function copyIn(tx: Sql | SqlTx, statement: string, rows: Buffer): Promise<void> {
  await copyInTurn(tx, [statement], () => [() => rows]);
}
