import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeHeaderValue, encodeHeaderValue } from "./header-value.ts";
import { attributeText } from "./testing/arbitrary-event.ts";

describe("A header value", () => {
  test.each([
    ["Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"],
    ["%41%c3%a9", "Aé"],
    ["%2541", "%41"],
    ['"quoted \\"string\\" \\\\ %20"', 'quoted "string" \\  '],
    ['  "x" \t', "x"],
    ['a"b', 'a"b'],
    ["100% done, 5%", "100% done, 5%"],
    ["%zz%4", "%zz%4"],
  ])("%s stands for %j", (header, value) => {
    expect(decodeHeaderValue(header)).toBe(value);
  });

  test("in raw UTF-8 bytes, as Node hands them over, is read as UTF-8", () => {
    expect(decodeHeaderValue(Buffer.from("voilà é").toString("latin1"))).toBe("voilà é");
    expect(decodeHeaderValue(Buffer.from("là").toString("latin1"))).toBe("là");
  });

  test("in Latin-1 bytes is read as Latin-1, also beside percent-encoding", () => {
    expect(decodeHeaderValue("caf\xe9")).toBe("café");
    expect(decodeHeaderValue("caf\xe9%20%E2%82%AC")).toBe("café €");
  });

  test.each(["%C0%A0", "%ff", "%E2%82", "%ED%A0%80", "caf\xe9%ff"])(
    "%s is refused: it is not UTF-8",
    (header) => {
      expect(decodeHeaderValue(header)).toBeNull();
    },
  );

  test.each(['"open', '"', '"a"b', '"a\\"'])("%s is refused: its quote is not closed", (header) => {
    expect(decodeHeaderValue(header)).toBeNull();
  });

  test("is encoded as the HTTP binding's example is", () => {
    expect(encodeHeaderValue("Euro € 😀")).toBe("Euro%20%E2%82%AC%20%F0%9F%98%80");
    expect(encodeHeaderValue('!"#$%&~\u007f')).toBe("!%22#$%25&~%7F");
  });

  test("is printable ASCII when encoded, and comes back as it was", () => {
    fc.assert(
      fc.property(attributeText, (text) => {
        const header = encodeHeaderValue(text);
        expect(header).toMatch(/^[\x21-\x7e]*$/);
        expect(decodeHeaderValue(header)).toBe(text);
      }),
    );
  });
});
