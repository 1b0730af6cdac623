import { expect, test } from "vitest";
import { decodeBase64, toHexLines } from "./hex-dump.ts";

test("sixteen bytes stand on a line, the rest on the last one", () => {
  const bytes = Uint8Array.from({ length: 18 }, (_, index) => index + 0x41);
  expect(toHexLines(bytes)).toEqual([
    {
      offset: "0000",
      hex: "41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50",
      characters: "ABCDEFGHIJKLMNOP",
    },
    { offset: "0010", hex: "51 52", characters: "QR" },
  ]);
});

test("bytes that are no printable ASCII are dots", () => {
  expect(toHexLines(Uint8Array.of(0x00, 0x1f, 0x20, 0x7e, 0x7f, 0xff))[0]?.characters).toBe("·· ~··");
});

test("offsets grow with the size", () => {
  expect(toHexLines(new Uint8Array(0x10010)).at(-1)?.offset).toBe("10000");
  expect(toHexLines(new Uint8Array())).toEqual([]);
});

test("every byte survives base64", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  expect(decodeBase64(Buffer.from(bytes).toString("base64"))).toEqual(bytes);
});
