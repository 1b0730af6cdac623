import { expect, test } from "vitest";
import { fitsSocket } from "./address.ts";

test("a plain path of usual length can hold the socket", () => {
  expect(fitsSocket("/home/user/nagare/.nagare/socket")).toBe(true);
});

test("a path that leaves no room for the socket's name can't", () => {
  const room = "/.s.PGSQL.5432.lock".length;
  expect(fitsSocket(`/${"x".repeat(100 - room - 1)}`)).toBe(true);
  expect(fitsSocket(`/${"x".repeat(100 - room)}`)).toBe(false);
});

test.each(["/data,more/socket", '/da"ta/socket', "/my data/socket", "/データ/socket"])(
  "%s can't: in a list of folders it would need quoting",
  (folder) => {
    expect(fitsSocket(folder)).toBe(false);
  },
);
