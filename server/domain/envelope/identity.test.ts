import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { eventIdentity } from "./identity.ts";

describe("The identity of an event", () => {
  test("is the start of SHA-256 over both, each behind its length in bytes", () => {
    const hex = createHash("sha256").update(Buffer.from("5:/é/s3:日")).digest("hex");
    expect(eventIdentity("/é/s", "日").replaceAll("-", "")).toBe(hex.slice(0, 32));
    expect(eventIdentity("/é/s", "日")).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test("differs wherever the border between source and id stands", () => {
    expect(eventIdentity("ab", "c")).not.toBe(eventIdentity("a", "bc"));
    expect(eventIdentity("a", "b1:c")).not.toBe(eventIdentity("a1:b", "c"));
    expect(eventIdentity("", "1:a")).not.toBe(eventIdentity("1:a", ""));
  });
});
