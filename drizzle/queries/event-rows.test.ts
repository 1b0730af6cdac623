import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyEnvelope } from "#server/domain/envelope/attributes.ts";
import { BinaryCopy } from "../copy-binary.ts";
import { eventRows, identityRows } from "./event-rows.ts";

const HEAD_BYTES = 19;

/** The positions and prefixes of rows, one after the other; each row has at most a thousand. */
function readIdentityRows(rows: Buffer): { prefix: string; position: number }[] {
  const read: { prefix: string; position: number }[] = [];
  let at = HEAD_BYTES;
  while (rows.readInt16BE(at) !== -1) {
    expect([rows.readInt16BE(at), rows.readInt32BE(at + 2)]).toEqual([2, 8]);
    const first = Number(rows.readBigInt64BE(at + 6));
    const bytes = rows.readInt32BE(at + 14);
    expect(bytes).toBeLessThanOrEqual(8_000);
    at += 18;
    for (let place = 0; place < bytes / 8; place += 1) {
      read.push({
        prefix: rows.toString("hex", at + place * 8, at + place * 8 + 8),
        position: first + place,
      });
    }
    at += bytes;
  }
  expect(at + 2).toBe(rows.length);
  return read;
}

test("identities stand in rows of consecutive positions, each by its first 8 bytes", () => {
  const steps = fc.array(fc.record({ identity: fc.uuid(), step: fc.constantFrom(1, 1, 1, 5) }), {
    maxLength: 2_500,
  });
  fc.assert(
    fc.property(steps, (wanted) => {
      let position = 1_763_779_916_123_456;
      const placed = wanted.map(({ identity, step }) => {
        position += step;
        return { identity, position };
      });
      const events = placed.map(({ identity }) => ({ identity, event: emptyEnvelope("internal") }));
      const rows = readIdentityRows(identityRows(events, (index) => placed[index]?.position ?? 0));
      const expected = placed.map(({ identity, ...at }) => ({
        prefix: identity.replaceAll("-", "").slice(0, 16),
        ...at,
      }));
      expect(rows).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

test("texts of any length and script are written in UTF-8 behind their length", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 120 })), (texts) => {
      const copy = new BinaryCopy(0);
      for (const text of texts) copy.text(text);
      const expected = texts.map((text) => {
        const bytes = Buffer.from(text);
        const length = Buffer.alloc(4);
        length.writeInt32BE(bytes.length);
        return Buffer.concat([length, bytes]);
      });
      expect(copy.finish().subarray(HEAD_BYTES)).toEqual(
        Buffer.concat([...expected, Buffer.from([0xff, 0xff])]),
      );
    }),
  );
});

test("a batch of no events is a copy of no rows", () => {
  expect(readIdentityRows(identityRows([], () => 0))).toEqual([]);
  expect(
    eventRows(
      [],
      () => 0,
      () => null,
    ),
  ).toHaveLength(HEAD_BYTES + 2);
});
