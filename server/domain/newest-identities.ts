import { highBits, lowBits } from "./identity-filter.ts";

/** Slots of the smallest table. Always a power of two, so that the leading bits of an identity are its slot. */
const FEWEST_SLOTS = 2 ** 12;
/** Bits of a slot that hold a number; the others are a tag of the identity. */
const NUMBER_BITS = 22;
const NUMBER_MASK = 2 ** NUMBER_BITS - 1;
const TAG_MASK = 2 ** (32 - NUMBER_BITS) - 1;
const MOST_SLOTS = 2 ** NUMBER_BITS;
/** The fuller a table, the longer the way to a free slot. */
const FULLEST = 0.7;
const PREFIX_BYTES = 8;
const TWO_TO_32 = 0x1_0000_0000;

/** Where a stretch stands that is being stored, and one that does not count. */
const PENDING = -1;
const VOID = -2;

/** Identities that were added together; stored, they stand at consecutive positions. */
type Stretch = { start: number; count: number; first: number };

/** An identity that has been added: its stretch, and the position of its event, null while that is being stored. */
export type Added = { stretch: number; position: number | null };

/**
 * Identities with consecutive numbers, in an open-addressed hash table with linear probing. Identities are hashes already.
 * A slot holds a number and ten bits of the identity, so that whoever is not here is told from all others by these alone,
 * but for one in a thousand.
 *
 * @see Knuth, The Art of Computer Programming, volume 3, 6.4, algorithm L
 */
class Segment {
  /** The number of its first identity. */
  readonly base: number;
  count = 0;
  /** In the order of their numbers. */
  readonly stretches: Stretch[] = [];
  /** A tag, and the number in this segment and 1; 0 in a slot that is free. */
  #slots: Uint32Array;
  #highs: Uint32Array;
  #middles: Uint16Array;

  constructor(base: number, slots: number) {
    this.base = base;
    this.#slots = new Uint32Array(slots);
    this.#highs = new Uint32Array(capacityOf(slots));
    this.#middles = new Uint16Array(capacityOf(slots));
  }

  get capacity(): number {
    return this.#highs.length;
  }

  get bytes(): number {
    return this.#slots.byteLength + this.#highs.byteLength + this.#middles.byteLength;
  }

  grow(slots: number): void {
    const [highs, middles] = [this.#highs, this.#middles];
    this.#slots = new Uint32Array(slots);
    this.#highs = new Uint32Array(capacityOf(slots));
    this.#middles = new Uint16Array(capacityOf(slots));
    this.#highs.set(highs);
    this.#middles.set(middles);
    for (let number = 0; number < this.count; number += 1) this.#place(number);
  }

  append(high: number, middle: number): void {
    this.#highs[this.count] = high;
    this.#middles[this.count] = middle;
    this.#place(this.count);
    this.count += 1;
    const last = this.stretches.at(-1);
    if (last) last.count += 1;
  }

  /** The slot at which the next identity stands that may be this one, from a slot on; -1 when there is none. */
  seek(high: number, middle: number, from = this.#slotOf(high)): number {
    const [slots, mask, tag] = [this.#slots, this.#slots.length - 1, middle & TAG_MASK];
    for (let slot = from & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot] ?? 0;
      if (entry === 0) return -1;
      if (entry >>> NUMBER_BITS !== tag) continue;
      const number = (entry & NUMBER_MASK) - 1;
      if (this.#highs[number] === high && this.#middles[number] === middle) return slot;
    }
  }

  /** The number that stands in a slot. */
  numberAt(slot: number): number {
    return this.base + ((this.#slots[slot] ?? 0) & NUMBER_MASK) - 1;
  }

  /** The stretch that has this number. */
  stretchAt(number: number): Stretch | undefined {
    let [low, high] = [0, this.stretches.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.stretches[middle]?.start ?? 0) <= number) low = middle;
      else high = middle - 1;
    }
    return this.stretches[low];
  }

  #place(number: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#slotOf(this.#highs[number] ?? 0);
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = (((this.#middles[number] ?? 0) & TAG_MASK) << NUMBER_BITS) | (number + 1);
  }

  #slotOf(high: number): number {
    return Math.floor((high * this.#slots.length) / TWO_TO_32);
  }
}

/**
 * The identities that are not sealed, by their first 48 bits, in segments of at most three million. Only the first grows:
 * no table is ever made anew at its whole size, and those of which nothing counts any more go as they are. Whoever is said
 * to be here may be another one, in 1 of 10^7 looks at ten million; whoever is not, is not.
 */
export class NewestIdentities {
  readonly #mostSlots: number;
  /** In the order of their numbers. The last one takes what is added. */
  #segments: Segment[];

  /** @param mostSlots of the table of one segment: a power of two, from 4,096 to four million. */
  constructor(mostSlots = MOST_SLOTS) {
    this.#mostSlots = mostSlots;
    this.#segments = [new Segment(0, FEWEST_SLOTS)];
  }

  /** The number that the next identity to be added gets. */
  get next(): number {
    return this.#last.base + this.#last.count;
  }

  /** Bytes of memory that the tables take. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * Begins a stretch of at most so many identities, which are added before the next one begins.
   *
   * @returns its name; one that stays empty has none.
   * @throws RangeError when no segment holds so many.
   */
  begin(most: number): number {
    if (this.#last.stretches.at(-1)?.count === 0) this.#last.stretches.pop();
    this.#makeRoom(most);
    this.#last.stretches.push({ start: this.next, count: 0, first: PENDING });
    return this.next;
  }

  /**
   * Adds an identity to the stretch that was begun last, unless it may be there already.
   *
   * @param from numbers below this one are others, as is known.
   * @returns whether it was added.
   */
  add(identity: string, from: number): boolean {
    const [high, middle] = [highBits(identity), lowBits(identity) >>> 16];
    for (const segment of this.#segments) {
      let slot = segment.seek(high, middle);
      for (; slot >= 0; slot = segment.seek(high, middle, slot + 1)) {
        const number = segment.numberAt(slot);
        if (number >= from && segment.stretchAt(number)?.first !== VOID) return false;
      }
    }
    this.#last.append(high, middle);
    return true;
  }

  /** All that may be this identity, oldest first. */
  find(identity: string): Added[] {
    const [high, middle] = [highBits(identity), lowBits(identity) >>> 16];
    const found: Added[] = [];
    for (const segment of this.#segments) {
      let slot = segment.seek(high, middle);
      for (; slot >= 0; slot = segment.seek(high, middle, slot + 1)) {
        const number = segment.numberAt(slot);
        const stretch = segment.stretchAt(number);
        if (stretch === undefined || stretch.first === VOID) continue;
        const { start, first } = stretch;
        found.push({ stretch: start, position: first === PENDING ? null : first + number - start });
      }
    }
    return found;
  }

  /** The identities of a stretch are stored, from this position on. */
  settle(name: number, first: number): void {
    this.#end(name, first);
  }

  /** The identities of a stretch are not stored. */
  discard(name: number): void {
    this.#end(name, VOID);
  }

  /** Adds the first 8 bytes of identities that are stored, from this position on. */
  load(first: number, prefixes: Uint8Array): void {
    const view = new DataView(prefixes.buffer, prefixes.byteOffset, prefixes.byteLength);
    const name = this.begin(view.byteLength / PREFIX_BYTES);
    for (let at = 0; at < view.byteLength; at += PREFIX_BYTES) {
      this.#last.append(view.getUint32(at), view.getUint16(at + 4));
    }
    this.settle(name, first);
  }

  /** Forgets the stretches that end at or before this position. */
  forgetUpTo(position: number): void {
    for (const stretch of this.#segments.flatMap(({ stretches }) => stretches)) {
      if (stretch.first >= 0 && stretch.first + stretch.count - 1 <= position) stretch.first = VOID;
    }
    const last = this.#last;
    this.#segments = this.#segments.filter(
      (segment) => segment === last || segment.stretches.some(({ first }) => first !== VOID),
    );
  }

  get #last(): Segment {
    const last = this.#segments.at(-1);
    if (last === undefined) throw new Error("There is always a segment that takes what is added.");
    return last;
  }

  #makeRoom(most: number): void {
    const wanted = this.#last.count + most;
    if (wanted <= this.#last.capacity) return;
    const slots = Math.max(FEWEST_SLOTS, 2 ** Math.ceil(Math.log2((wanted + 1) / FULLEST)));
    if (slots <= this.#mostSlots) {
      this.#last.grow(slots);
      return;
    }
    const capacity = capacityOf(this.#mostSlots);
    if (most > capacity) throw new RangeError(`Of ${most} identities, a stretch holds at most ${capacity}.`);
    this.#segments.push(new Segment(this.next, this.#mostSlots));
  }

  #end(name: number, first: number): void {
    const segment = this.#segments.findLast(({ base }) => base <= name);
    const stretch = segment?.stretchAt(name);
    if (stretch) stretch.first = first;
  }
}

function capacityOf(slots: number): number {
  return Math.floor(slots * FULLEST);
}
