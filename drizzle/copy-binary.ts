import type { Sql, SqlTx } from "./db.ts";

const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
/** Up to here, in UTF-16 units, a text is written character by character. */
const SHORT_TEXT = 48;
/** Where the first 8 bytes of a UUID stand in its text, between the dashes. */
const PREFIX_DIGITS = [0, 2, 4, 6, 9, 11, 14, 16] as const;
const POSTGRES_EPOCH_MILLIS = 946_684_800_000;
const POSTGRES_EPOCH_MICROS = 946_684_800_000_000n;

/**
 * Builds the rows of a `COPY … FROM STDIN (FORMAT binary)`: one buffer, no text escaping on either side.
 *
 * @see https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
 */
export class BinaryCopy {
  #buffer: Buffer;
  #view: DataView;
  #length: number;

  constructor(expectedBytes: number) {
    this.#buffer = Buffer.allocUnsafe(Math.max(expectedBytes, 4096));
    this.#view = viewOf(this.#buffer);
    this.#length = SIGNATURE.copy(this.#buffer);
  }

  row(columns: number): void {
    this.#reserve(2);
    this.#view.setInt16(this.#length, columns);
    this.#length += 2;
  }

  none(): void {
    this.#reserve(4);
    this.#put4(-1);
  }

  int2(value: number | null): void {
    if (value === null) {
      this.none();
      return;
    }
    this.#reserve(6);
    this.#put4(2);
    this.#view.setInt16(this.#length, value);
    this.#length += 2;
  }

  int4(value: number | null): void {
    if (value === null) {
      this.none();
      return;
    }
    this.#reserve(8);
    this.#put4(4);
    this.#put4(value);
  }

  /** @param value a whole number that a double holds exactly. */
  int8(value: number): void {
    this.#reserve(12);
    const high = Math.floor(value / 0x1_0000_0000);
    this.#put4(8);
    this.#put4(high);
    this.#put4(value - high * 0x1_0000_0000);
  }

  /** @param micros microseconds since 1970. */
  timestamp(micros: bigint | null): void {
    if (micros === null) {
      this.none();
      return;
    }
    this.#reserve(12);
    this.#put4(8);
    this.#view.setBigInt64(this.#length, micros - POSTGRES_EPOCH_MICROS);
    this.#length += 8;
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
    this.#put4(8);
    this.#put4(high * 1000 + carried);
    this.#put4(low - carried * 0x1_0000_0000);
  }

  text(value: string | null): void {
    if (value === null) {
      this.none();
      return;
    }
    this.#reserve(4 + value.length * 3);
    const start = this.#length + 4;
    const bytes = value.length <= SHORT_TEXT ? this.#writeShort(value, start) : -1;
    const written = bytes === -1 ? this.#buffer.write(value, start, "utf8") : bytes;
    this.#put4(written);
    this.#length += written;
  }

  bytes(value: Uint8Array | null): void {
    if (value === null) {
      this.none();
      return;
    }
    this.#reserve(4 + value.length);
    this.#put4(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** Begins a value of so many bytes, which are written next. */
  begin(bytes: number): void {
    this.#reserve(4 + bytes);
    this.#put4(bytes);
  }

  /** The first 8 bytes of a UUID, within a value that was begun. @param value hexadecimal with dashes. */
  uuidPrefix(value: string): void {
    for (const at of PREFIX_DIGITS) {
      this.#buffer[this.#length] = hexDigit(value.charCodeAt(at)) * 16 + hexDigit(value.charCodeAt(at + 1));
      this.#length += 1;
    }
  }

  /** A UUID that begins with these 8 bytes; the others are zero. */
  uuidFrom(prefix: Uint8Array): void {
    this.begin(16);
    this.#buffer.set(prefix, this.#length);
    this.#buffer.fill(0, this.#length + prefix.length, this.#length + 16);
    this.#length += 16;
  }

  /** @returns everything written, with the trailer; the builder must not be used after. */
  finish(): Buffer {
    this.row(-1);
    return this.#buffer.subarray(0, this.#length);
  }

  /** A call into native code costs more than a few characters do. @returns the bytes, or -1 where one is not ASCII. */
  #writeShort(value: string, start: number): number {
    for (let at = 0; at < value.length; at += 1) {
      const code = value.charCodeAt(at);
      if (code > 0x7f) return -1;
      this.#buffer[start + at] = code;
    }
    return value.length;
  }

  /** Four bytes of a whole number; what lies beyond them is cut off. */
  #put4(value: number): void {
    this.#view.setInt32(this.#length, value);
    this.#length += 4;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
    this.#view = viewOf(larger);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function hexDigit(code: number): number {
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57;
}

/** Messages of Postgres's protocol that end a COPY: its rows are all there, or they are given up. */
const COPY_DONE = Buffer.from("c\0\0\0\x04", "latin1");
const COPY_FAIL = Buffer.from("f\0\0\0\x05\0", "latin1");
/** Bytes from which on rows are sent before those of the next COPY are made; fewer go together, in one system call. */
const SENT_ALONE = 64 * 1024;

/**
 * Sends statements as one, which is one transaction: a query of at most one row, and COPYs. The rows of all of them are
 * sent when Postgres asks for those of the first: it reads them in turn, and leaves out those of a COPY that it does
 * not come to. A round trip for the query and one for the rest is all it takes.
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
  let isFed = false;
  await new Promise<void>((resolve, reject) => {
    const feed = (send: (message: Buffer) => void) => {
      if (isFed) return;
      isFed = true;
      try {
        sendRows(rowsOf(row), send);
      } catch (error) {
        send(COPY_FAIL);
        reject(error);
      }
    };
    // `feed` is a mend of ours, and called for each COPY; what comes after, the driver gives to nobody but these.
    Object.assign(query, {
      isCopy: true,
      feed,
      forEachFn: (found: Row) => {
        row = found;
      },
      resolve: () => resolve(),
      reject,
    });
    query.execute();
  });
}

function sendRows(copies: readonly (() => Buffer)[], send: (message: Buffer) => void): void {
  let parts: Buffer[] = [];
  for (const [at, makeRows] of copies.entries()) {
    const rows = makeRows();
    parts.push(copyDataHead(rows.length), rows, COPY_DONE);
    if (rows.length < SENT_ALONE && at < copies.length - 1) continue;
    send(Buffer.concat(parts));
    parts = [];
  }
}

/** What stands before so many bytes of rows in the message that brings them. */
function copyDataHead(bytes: number): Buffer {
  const head = Buffer.from("d\0\0\0\0", "latin1");
  head.writeInt32BE(bytes + 4, 1);
  return head;
}

/**
 * Sends ready rows to a table and waits until the server took them all.
 *
 * @param statement a constant `copy … from stdin (format binary)`; nothing of a caller's input may be in it.
 */
export async function copyIn(tx: Sql | SqlTx, statement: string, rows: Buffer): Promise<void> {
  await copyInTurn(tx, [statement], () => [() => rows]);
}
