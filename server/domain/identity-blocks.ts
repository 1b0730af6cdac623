/** Entries in a block, so that four fill a page of the database. */
export const BLOCK_ENTRIES = 123;
/** Bytes of an entry in a block: the first 8 of the identity, and its position. */
const ENTRY_BYTES = 16;
/** Bytes of what says of a batch where it begins and how many identities it has. */
const HEAD_BYTES = 12;
/** Entries that are looked for where one belongs among the others: so few are sorted quickly. */
const ENTRIES_A_BUCKET = 8;
/** Buckets of more are not sorted by insertion. */
const MOST_INSERTED = 40;
const TWO_TO_32 = 0x1_0000_0000;

/** Identities of events as they arrived. Numbers have their highest byte first. */
export type IdentityBatches = {
  /** Of each batch: its first position in 8 bytes, and how many identities it has in 4. */
  heads: Uint8Array;
  /** The first 8 bytes of each identity, batch after batch, in the order of the positions. */
  prefixes: Uint8Array;
};

/** Which identities belong to a part: those whose first 32 bits are at least `from` and less than `before`. */
export type IdentityPart = { from: number; before: number };

/** Divides all identities into parts of about the same size. */
export function divideIdentities(parts: number): IdentityPart[] {
  const border = (part: number) => Math.floor((part / parts) * TWO_TO_32);
  return Array.from({ length: parts }, (_, part) => ({ from: border(part), before: border(part + 1) }));
}

/**
 * Sorts the identities of a part into blocks. An entry takes 20 bytes meanwhile. Identities are hashes, so that leading
 * bits spread them evenly over buckets of a few, in the order of the buckets; what is left is to sort each of those.
 */
export class IdentitySorter {
  readonly #from: number;
  readonly #before: number;
  /** Buckets to each of the numbers that 32 bits may be. */
  readonly #scale: number;
  /** How many entries each bucket has. */
  readonly #counts: Uint32Array;
  #highs: Uint32Array;
  #lows: Uint32Array;
  #positions: Float64Array;
  #length = 0;
  /** Blocks are made in here. */
  #bytes = new Uint8Array(BLOCK_ENTRIES * ENTRY_BYTES);

  /** @param expected about how many identities there are in the part. */
  constructor({ from, before }: IdentityPart, expected: number) {
    const buckets = Math.ceil(expected / ENTRIES_A_BUCKET) + 1;
    const room = Math.ceil(expected * 1.05) + 1_000;
    this.#from = from;
    this.#before = before;
    this.#scale = buckets / (before - from);
    this.#counts = new Uint32Array(buckets);
    this.#highs = new Uint32Array(room);
    this.#lows = new Uint32Array(room);
    this.#positions = new Float64Array(room);
  }

  /** How many identities were taken. */
  get length(): number {
    return this.#length;
  }

  /** Takes those that belong to the part. */
  add({ heads, prefixes }: IdentityBatches): void {
    const headView = viewOf(heads);
    const prefixView = viewOf(prefixes);
    let at = 0;
    for (let head = 0; head < heads.length; head += HEAD_BYTES) {
      const first = headView.getUint32(head) * TWO_TO_32 + headView.getUint32(head + 4);
      const entries = headView.getUint32(head + 8);
      for (let place = 0; place < entries; place += 1) {
        const high = prefixView.getUint32(at);
        if (high >= this.#from && high < this.#before) {
          this.#take(high, prefixView.getUint32(at + 4), first + place);
        }
        at += 8;
      }
    }
  }

  /**
   * All entries that were taken, in the order of identities and positions, each as it stands in a block. Those whose first
   * 8 bytes are the same stand in one block, which may be longer for that. Nothing may be added any more. What comes
   * before the first block is done at once, and takes ten nanoseconds an entry; the rest as the blocks are asked for.
   * The bytes of a block are those of the next one as soon as that is asked for.
   */
  blocks(): Generator<Uint8Array> {
    return this.#sort(this.#distribute());
  }

  *#sort(order: Uint32Array): Generator<Uint8Array> {
    let start = 0;
    let sorted = 0;
    for (const end of this.#counts) {
      this.#sortBucket(order, sorted, end);
      sorted = end;
      while (sorted - start >= BLOCK_ENTRIES) {
        // Those that are the same are in the same bucket: all of them are sorted.
        let stop = start + BLOCK_ENTRIES;
        while (stop < sorted && this.#isSame(order[stop - 1] ?? 0, order[stop] ?? 0)) stop += 1;
        yield this.#block(order.subarray(start, stop));
        start = stop;
      }
    }
    if (sorted > start) yield this.#block(order.subarray(start, sorted));
  }

  #take(high: number, low: number, position: number): void {
    if (this.#length === this.#highs.length) this.#grow();
    this.#highs[this.#length] = high;
    this.#lows[this.#length] = low;
    this.#positions[this.#length] = position;
    this.#length += 1;
    const bucket = this.#bucketOf(high);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  #grow(): void {
    const room = this.#length * 2;
    const [highs, lows, positions] = [this.#highs, this.#lows, this.#positions];
    this.#highs = new Uint32Array(room);
    this.#highs.set(highs);
    this.#lows = new Uint32Array(room);
    this.#lows.set(lows);
    this.#positions = new Float64Array(room);
    this.#positions.set(positions);
  }

  #bucketOf(high: number): number {
    return Math.floor((high - this.#from) * this.#scale);
  }

  /** The places of the entries, bucket after bucket. From then on `#counts` says where each bucket ends. */
  #distribute(): Uint32Array {
    let start = 0;
    const [counts, highs] = [this.#counts, this.#highs];
    for (let bucket = 0; bucket < counts.length; bucket += 1) {
      const count = counts[bucket] ?? 0;
      counts[bucket] = start;
      start += count;
    }
    const order = new Uint32Array(this.#length);
    for (let place = 0; place < this.#length; place += 1) {
      const bucket = this.#bucketOf(highs[place] ?? 0);
      const at = counts[bucket] ?? 0;
      order[at] = place;
      counts[bucket] = at + 1;
    }
    return order;
  }

  /** A call into native code costs more than to put a few in their places does. */
  #sortBucket(order: Uint32Array, start: number, end: number): void {
    if (end - start > MOST_INSERTED) {
      order.subarray(start, end).sort((one, other) => this.#compare(one, other));
      return;
    }
    for (let next = start + 1; next < end; next += 1) {
      const place = order[next] ?? 0;
      let at = next;
      for (; at > start && this.#compare(order[at - 1] ?? 0, place) > 0; at -= 1)
        order[at] = order[at - 1] ?? 0;
      order[at] = place;
    }
  }

  #compare(one: number, other: number): number {
    return (
      (this.#highs[one] ?? 0) - (this.#highs[other] ?? 0) ||
      (this.#lows[one] ?? 0) - (this.#lows[other] ?? 0) ||
      (this.#positions[one] ?? 0) - (this.#positions[other] ?? 0)
    );
  }

  #isSame(one: number, other: number): boolean {
    return this.#highs[one] === this.#highs[other] && this.#lows[one] === this.#lows[other];
  }

  #block(places: Uint32Array): Uint8Array {
    const length = places.length * ENTRY_BYTES;
    if (length > this.#bytes.length) this.#bytes = new Uint8Array(length * 2);
    const block = this.#bytes.subarray(0, length);
    const view = viewOf(block);
    let at = 0;
    for (const place of places) {
      const position = this.#positions[place] ?? 0;
      view.setUint32(at, this.#highs[place] ?? 0);
      view.setUint32(at + 4, this.#lows[place] ?? 0);
      view.setUint32(at + 8, Math.floor(position / TWO_TO_32));
      view.setUint32(at + 12, position % TWO_TO_32);
      at += ENTRY_BYTES;
    }
    return block;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
