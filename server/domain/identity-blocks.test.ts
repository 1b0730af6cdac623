import fc from "fast-check";
import { expect, test } from "vitest";
import { BLOCK_ENTRIES, divideIdentities, type IdentityBatches, IdentitySorter } from "./identity-blocks.ts";

type Entry = { prefix: bigint; position: bigint };
type Batch = { first: number; prefixes: bigint[] };

/** Spread over everything, or so close that many are the same or belong to one bucket. */
const anyPrefix = fc.oneof(
  fc.bigInt(0n, 2n ** 64n - 1n),
  fc.bigInt(0n, 20n).map((n) => n * (2n ** 64n / 20n - 1n)),
  fc.bigInt(0n, 3n).map((n) => 0x8000_0000_0000_0000n + n),
  fc.constantFrom(0n, 2n ** 64n - 1n, 2n ** 32n - 1n, 2n ** 63n - 1n),
);
const anyBatches = fc
  .array(fc.array(anyPrefix, { minLength: 1, maxLength: 120, size: "max" }), { maxLength: 12, size: "max" })
  .map((all) =>
    all.map((prefixes, place): Batch => ({ first: 1_764_000_000_000_000 + place * 1_000, prefixes })),
  );

function batchesOf(batches: readonly Batch[]): IdentityBatches {
  const heads = Buffer.alloc(batches.length * 12);
  for (const [place, { first, prefixes }] of batches.entries()) {
    heads.writeBigInt64BE(BigInt(first), place * 12);
    heads.writeInt32BE(prefixes.length, place * 12 + 8);
  }
  const all = batches.flatMap(({ prefixes }) => prefixes);
  const bytes = Buffer.alloc(all.length * 8);
  for (const [place, prefix] of all.entries()) bytes.writeBigUInt64BE(prefix, place * 8);
  return { heads, prefixes: bytes };
}

function entriesOf(batches: readonly Batch[]): Entry[] {
  return batches.flatMap(({ first, prefixes }) =>
    prefixes.map((prefix, place) => ({ prefix, position: BigInt(first + place) })),
  );
}

function inOrder(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((one, other) => {
    if (one.prefix !== other.prefix) return one.prefix < other.prefix ? -1 : 1;
    return Number(one.position - other.position);
  });
}

function read(block: Uint8Array): Entry[] {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  return Array.from({ length: block.length / 16 }, (_, place) => ({
    prefix: view.getBigUint64(place * 16),
    position: view.getBigInt64(place * 16 + 8),
  }));
}

/** The blocks of each part, of batches that come in two messages. */
function seal(batches: readonly Batch[], parts: number, expected: number): Entry[][][] {
  const half = Math.floor(batches.length / 2);
  return divideIdentities(parts).map((part) => {
    const sorter = new IdentitySorter(part, expected);
    sorter.add(batchesOf(batches.slice(0, half)));
    sorter.add(batchesOf(batches.slice(half)));
    return [...sorter.blocks().map(read)];
  });
}

test("divides all identities", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), (count) => {
      const parts = divideIdentities(count);
      expect(parts).toHaveLength(count);
      expect([parts[0]?.from, parts.at(-1)?.before]).toEqual([0, 2 ** 32]);
      for (const [place, { from, before }] of parts.entries()) {
        expect(before).toBeGreaterThan(from);
        expect(parts[place + 1]?.from ?? before).toBe(before);
      }
    }),
  );
});

test("sorts every identity into one block, however many parts there are, and however many were expected", () => {
  fc.assert(
    fc.property(
      anyBatches,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0, max: 5_000 }),
      (batches, parts, expected) => {
        const sealed = seal(batches, parts, expected).flat(2);
        expect(sealed).toEqual(inOrder(entriesOf(batches)));
      },
    ),
  );
});

test("keeps identities that begin alike in one block, and fills the others but for the last", () => {
  fc.assert(
    fc.property(anyBatches, fc.integer({ min: 1, max: 3 }), (batches, parts) => {
      for (const blocks of seal(batches, parts, 300)) {
        for (const [place, block] of blocks.entries()) {
          const next = blocks[place + 1];
          if (next === undefined) continue;
          expect(block.length).toBeGreaterThanOrEqual(BLOCK_ENTRIES);
          expect(block.at(-1)?.prefix).not.toBe(next[0]?.prefix);
          // What is more than a block begins alike.
          for (const { prefix } of block.slice(BLOCK_ENTRIES)) {
            expect(prefix).toBe(block[BLOCK_ENTRIES - 1]?.prefix);
          }
        }
      }
    }),
  );
});

test("makes a block longer for those that begin alike, and the next one begins after them", () => {
  const prefixes = Array.from({ length: 300 }, (_, n) => BigInt(n < 100 || n >= 200 ? n : 100) << 32n);
  const [blocks] = seal([{ first: 5, prefixes }], 1, 300);
  expect(blocks?.map((block) => block.length)).toEqual([200, 100]);
});

test("takes more than were expected", () => {
  const prefixes = Array.from(
    { length: 3_000 },
    (_, n) => (BigInt(n * 7919) * 0x9e3779b97f4a7c15n) % 2n ** 64n,
  );
  const batches = [{ first: 1, prefixes }];
  expect(seal(batches, 1, 10).flat(2)).toEqual(inOrder(entriesOf(batches)));
});
