import type { Sql, SqlTx } from "./db.ts";

const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
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
 * Sends ready rows to a table and waits until the server took them all. Rejects with the server's own error, such
 * as a unique violation.
 *
 * @param statement a constant `copy … from stdin (format binary)`; nothing of a caller's input may be in it.
 */
export async function copyIn(tx: Sql | SqlTx, statement: string, rows: Buffer): Promise<void> {
  const query = tx.unsafe(statement);
  const stream = await query.writable();
  await new Promise<void>((resolve, reject) => {
    // The driver (3.4) has settled the query when it hands out the stream, and gives an error that comes after the
    // last row to nobody but the query's own `reject`.
    Object.assign(query, { reject });
    stream.once("error", reject);
    stream.once("finish", resolve);
    stream.end(rows);
  });
}
