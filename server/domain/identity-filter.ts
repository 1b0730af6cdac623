/** So many bits a key let about one in a thousand keys through that were never added. */
const BITS_A_KEY = 16;
const WORDS_A_BLOCK = 8;
const WORD_BITS = 32;
const TWO_TO_32 = 0x1_0000_0000;

/** Odd numbers that make eight different bits out of one key. */
const SALTS = [
  0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31,
] as const;

/**
 * Says of an identity that it may have been added, or that it was not: a split block Bloom filter. All bits of a key are
 * in one block of 32 bytes, which is one line of the processor's cache. Identities are hashes already, so their first 64
 * bits are the key: 32 choose the block, 32 the bits in it.
 *
 * @see Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters (2007)
 * @see https://parquet.apache.org/docs/file-format/bloomfilter/
 */
export class IdentityFilter {
  readonly #words: Uint32Array;
  readonly #blocks: number;

  /** @param bytes what `bytesFor` says, all zero, or those of another filter. */
  constructor(bytes: ArrayBuffer) {
    this.#words = new Uint32Array(bytes);
    this.#blocks = this.#words.length / WORDS_A_BLOCK;
  }

  static bytesFor(keys: number): number {
    const blockBits = WORDS_A_BLOCK * WORD_BITS;
    return Math.max(1, Math.ceil((keys * BITS_A_KEY) / blockBits)) * (blockBits / 8);
  }

  /** The filter itself, not a copy. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#words.buffer);
  }

  /** @param high the first 32 bits of the identity, from 0. @param low the next 32. */
  add(high: number, low: number): void {
    const start = this.#startOf(high);
    for (let word = 0; word < WORDS_A_BLOCK; word += 1) {
      this.#words[start + word] = (this.#words[start + word] ?? 0) | bitOf(low, word);
    }
  }

  mayHave(high: number, low: number): boolean {
    const start = this.#startOf(high);
    for (let word = 0; word < WORDS_A_BLOCK; word += 1) {
      if (((this.#words[start + word] ?? 0) & bitOf(low, word)) === 0) return false;
    }
    return true;
  }

  #startOf(high: number): number {
    return Math.floor((high * this.#blocks) / TWO_TO_32) * WORDS_A_BLOCK;
  }
}

function bitOf(low: number, word: number): number {
  return 1 << (Math.imul(low, SALTS[word] ?? 1) >>> 27);
}

/** The first 32 bits of an identity as a number from 0. */
export function highBits(identity: string): number {
  return hexBits(identity, 0, 4) * 0x1_0000 + hexBits(identity, 4, 4);
}

/** The 32 bits after the first 32. */
export function lowBits(identity: string): number {
  return hexBits(identity, 9, 4) * 0x1_0000 + hexBits(identity, 14, 4);
}

/** Digit by digit: cutting texts and parsing them takes ten times as long. */
function hexBits(text: string, from: number, digits: number): number {
  let bits = 0;
  for (let at = from; at < from + digits; at += 1) {
    const code = text.charCodeAt(at);
    bits = bits * 16 + (code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57);
  }
  return bits;
}
