import { highBits, lowBits } from "./identity-filter.ts";

/** Slots of the smallest table. Always a power of two, so that the leading bits of an identity are its slot. */
const FEWEST_SLOTS = 2 ** 12;
/** The fuller a table, the longer the way to a free slot. */
const FULLEST = 0.7;
/** Slots for each identity of a table that is made anew. */
const ROOM = 2;
const PREFIX_BYTES = 8;
const TWO_TO_32 = 0x1_0000_0000;

/** Where a stretch stands that is being stored, and one that does not count. */
const PENDING = -1;
const VOID = -2;

/** Identities that were added together; stored, they stand at consecutive positions. */
type Stretch = { start: number; count: number; first: number };

const VOID_STRETCH: Stretch = { start: 0, count: 0, first: VOID };

/** An identity that has been added: its stretch, and the position of its event, null while that is being stored. */
export type Added = { stretch: number; position: number | null };

/**
 * The identities that are not sealed, by their first 48 bits, in an open-addressed hash table with linear probing: 10 bytes
 * a slot. Identities are hashes already. Whoever is said to be here may be another one, in 1 of 10^7 looks at ten million;
 * whoever is not, is not.
 *
 * @see Knuth, The Art of Computer Programming, volume 3, 6.4, algorithm L
 */
export class NewestIdentities {
  #highs = new Uint32Array(FEWEST_SLOTS);
  #middles = new Uint16Array(FEWEST_SLOTS);
  /** Of the identity in the slot, its number counted from `#base`, and 1; 0 in a slot that is free. */
  #numbers = new Uint32Array(FEWEST_SLOTS);
  #base = 0;
  #used = 0;
  /** The number of the next identity. */
  #next = 0;
  /** In the order of their numbers. */
  #stretches: Stretch[] = [];

  /** The number that the next identity to be added gets. */
  get next(): number {
    return this.#next;
  }

  /** Begins a stretch of at most so many identities, which are added before the next one begins. @returns its name; one that stays empty has none. */
  begin(most: number): number {
    if (this.#stretches.at(-1)?.count === 0) this.#stretches.pop();
    if (this.#used + most > this.#numbers.length * FULLEST) this.#rebuild(most);
    this.#stretches.push({ start: this.#next, count: 0, first: PENDING });
    return this.#next;
  }

  /**
   * Adds an identity to the stretch that was begun last, unless it may be there already.
   *
   * @param from numbers below this one are others, as is known.
   * @returns whether it was added.
   */
  add(identity: string, from: number): boolean {
    const [high, middle] = [highBits(identity), lowBits(identity) >>> 16];
    let slot = this.#slotOf(high);
    for (; this.#numbers[slot] !== 0; slot = (slot + 1) & (this.#numbers.length - 1)) {
      if (this.#highs[slot] !== high || this.#middles[slot] !== middle) continue;
      const number = this.#base + (this.#numbers[slot] ?? 0) - 1;
      if (number >= from && this.#stretchAt(number).first !== VOID) return false;
    }
    this.#put(slot, high, middle);
    return true;
  }

  /** All that may be this identity, oldest first. */
  find(identity: string): Added[] {
    const [high, middle] = [highBits(identity), lowBits(identity) >>> 16];
    const found: Added[] = [];
    for (
      let slot = this.#slotOf(high);
      this.#numbers[slot] !== 0;
      slot = (slot + 1) & (this.#numbers.length - 1)
    ) {
      if (this.#highs[slot] !== high || this.#middles[slot] !== middle) continue;
      const number = this.#base + (this.#numbers[slot] ?? 0) - 1;
      const { start, first } = this.#stretchAt(number);
      if (first === VOID) continue;
      found.push({ stretch: start, position: first === PENDING ? null : first + number - start });
    }
    return found;
  }

  /** The identities of a stretch are stored, from this position on. */
  settle(name: number, first: number): void {
    this.#stretchAt(name).first = first;
  }

  /** The identities of a stretch are not stored. */
  discard(name: number): void {
    this.#stretchAt(name).first = VOID;
  }

  /** Adds the first 8 bytes of identities that are stored, from this position on. */
  load(first: number, prefixes: Uint8Array): void {
    const view = new DataView(prefixes.buffer, prefixes.byteOffset, prefixes.byteLength);
    const name = this.begin(view.byteLength / PREFIX_BYTES);
    for (let at = 0; at < view.byteLength; at += PREFIX_BYTES) {
      this.#append(view.getUint32(at), view.getUint16(at + 4));
    }
    this.settle(name, first);
  }

  /** Forgets the stretches that end at or before this position. */
  forgetUpTo(position: number): void {
    for (const stretch of this.#stretches) {
      if (stretch.first >= 0 && stretch.first + stretch.count - 1 <= position) stretch.first = VOID;
    }
  }

  #append(high: number, middle: number): void {
    let slot = this.#slotOf(high);
    while (this.#numbers[slot] !== 0) slot = (slot + 1) & (this.#numbers.length - 1);
    this.#put(slot, high, middle);
  }

  /** Puts the next identity into a slot that is free. */
  #put(slot: number, high: number, middle: number): void {
    this.#place(slot, high, middle, this.#next - this.#base + 1);
    this.#next += 1;
    const last = this.#stretches.at(-1);
    if (last) last.count += 1;
  }

  #place(slot: number, high: number, middle: number, number: number): void {
    this.#highs[slot] = high;
    this.#middles[slot] = middle;
    this.#numbers[slot] = number;
    this.#used += 1;
  }

  #slotOf(high: number): number {
    return Math.floor((high * this.#numbers.length) / TWO_TO_32);
  }

  /** The stretch that has this number. */
  #stretchAt(number: number): Stretch {
    let [low, high] = [0, this.#stretches.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#stretches[middle]?.start ?? 0) <= number) low = middle;
      else high = middle - 1;
    }
    return this.#stretches[low] ?? VOID_STRETCH;
  }

  /** Makes a table with room for so many more, without those that do not count. In the order of the old one's slots, which is nearly that of the new one. */
  #rebuild(more: number): void {
    const [highs, middles, numbers, base] = [this.#highs, this.#middles, this.#numbers, this.#base];
    this.#stretches = this.#stretches.filter(({ first }) => first !== VOID);
    const live = this.#stretches.reduce((sum, { count }) => sum + count, more);
    const slots = Math.max(FEWEST_SLOTS, 2 ** Math.ceil(Math.log2(live * ROOM)));
    this.#highs = new Uint32Array(slots);
    this.#middles = new Uint16Array(slots);
    this.#numbers = new Uint32Array(slots);
    this.#base = this.#stretches[0]?.start ?? this.#next;
    this.#used = 0;
    const isWhole = live - more === this.#next - this.#base;
    for (let at = 0; at < numbers.length; at += 1) {
      const number = base + (numbers[at] ?? 0) - 1;
      if (number < this.#base || !(isWhole || this.#isLive(number))) continue;
      const high = highs[at] ?? 0;
      let slot = this.#slotOf(high);
      while (this.#numbers[slot] !== 0) slot = (slot + 1) & (slots - 1);
      this.#place(slot, high, middles[at] ?? 0, number - this.#base + 1);
    }
  }

  #isLive(number: number): boolean {
    const { start, count } = this.#stretchAt(number);
    return number >= start && number < start + count;
  }
}
