import fc from "fast-check";
import { expect, test } from "vitest";
import { eventIdentity } from "./envelope/identity.ts";
import { highBits, IdentityFilter, lowBits } from "./identity-filter.ts";

function filterOf(identities: readonly string[]): IdentityFilter {
  const filter = new IdentityFilter(new ArrayBuffer(IdentityFilter.bytesFor(identities.length)));
  for (const identity of identities) filter.add(highBits(identity), lowBits(identity));
  return filter;
}

function mayHave(filter: IdentityFilter, identity: string): boolean {
  return filter.mayHave(highBits(identity), lowBits(identity));
}

test("reads the first 64 bits of an identity", () => {
  fc.assert(
    fc.property(fc.uuid(), (identity) => {
      const digits = identity.replaceAll("-", "");
      expect(highBits(identity)).toBe(Number.parseInt(digits.slice(0, 8), 16));
      expect(lowBits(identity)).toBe(Number.parseInt(digits.slice(8, 16), 16));
      expect(highBits(identity.toUpperCase())).toBe(highBits(identity));
    }),
  );
});

test("never forgets an identity, also as a copy of its bytes", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 300 }), (identities) => {
      const filter = filterOf(identities);
      const copy = new IdentityFilter(Uint8Array.from(filter.bytes).buffer);
      for (const identity of identities) {
        expect(mayHave(filter, identity)).toBe(true);
        expect(mayHave(copy, identity)).toBe(true);
      }
    }),
  );
});

test("knows nothing while nothing was added", () => {
  const empty = filterOf([]);
  expect(mayHave(empty, eventIdentity("/a", "1"))).toBe(false);
});

test("lets about one in a thousand through that was not added", () => {
  const identities = (source: string, count: number) =>
    Array.from({ length: count }, (_, n) => eventIdentity(source, `event-${n}`));
  const filter = filterOf(identities("/added", 20_000));
  const passed = identities("/other", 100_000).filter((identity) => mayHave(filter, identity)).length;
  // 131, as it is. Bits that are not spread well make a multiple of it, and a filter that asks for too many makes none.
  expect(passed).toBeGreaterThan(20);
  expect(passed).toBeLessThan(250);
});
