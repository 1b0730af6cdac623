import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyEnvelope } from "#server/domain/envelope/attributes.ts";
import { BinaryCopy } from "../copy-binary.ts";
import { eventRows, identityRows } from "./event-rows.ts";

const HEAD_BYTES = 19;
/** Two bytes for the number of columns, four for each length, and the columns. */
const ROW_BYTES = 2 + 4 + 16 + 4 + 8;

function readIdentityRows(rows: Buffer): { identity: string; position: bigint }[] {
  expect(rows.readInt16BE(rows.length - 2)).toBe(-1);
  return Array.from({ length: (rows.length - HEAD_BYTES - 2) / ROW_BYTES }, (_, row) => {
    const at = HEAD_BYTES + row * ROW_BYTES;
    expect([rows.readInt16BE(at), rows.readInt32BE(at + 2), rows.readInt32BE(at + 22)]).toEqual([2, 16, 8]);
    const hex = rows.toString("hex", at + 6, at + 22);
    return {
      identity: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
      position: rows.readBigInt64BE(at + 26),
    };
  });
}

test("identities come in their order, each with the position of its event, also where they begin alike", () => {
  const alike = fc
    .integer({ min: 0, max: 0xffff })
    .map((n) => `01234567-89ab-${n.toString(16).padStart(4, "0")}-0000-000000000000`);
  fc.assert(
    fc.property(fc.uniqueArray(fc.oneof(fc.uuid(), alike), { maxLength: 200 }), (identities) => {
      const events = identities.map((identity) => ({ identity, event: emptyEnvelope("internal") }));
      const first = 1_763_779_916_123_456;
      const rows = readIdentityRows(identityRows(events, (index) => first + index));
      const expected = identities
        .map((identity, index) => ({ identity, position: BigInt(first + index) }))
        .toSorted((a, b) => (a.identity < b.identity ? -1 : 1));
      expect(rows).toEqual(expected);
    }),
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
