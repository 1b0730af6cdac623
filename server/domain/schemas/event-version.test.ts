import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyEnvelope } from "../envelope/attributes.ts";
import { compareVersions, nameVersion, versionOf } from "./event-version.ts";

const event = emptyEnvelope("internal");

describe("The version that an event names", () => {
  test.each([
    ["the extension", { extensions: { dataversion: "1.10" } }, "1.10"],
    ["a number", { extensions: { dataversion: 2 } }, "2"],
    ["the extension before the address", { extensions: { dataversion: "1" }, dataSchema: "s/2" }, "1"],
    ["the end of a URL", { dataSchema: "https://schemas.example/user.registered/2.0" }, "2.0"],
    ["a document", { dataSchema: "/schemas/user.registered/v3.json" }, "v3"],
    ["the end of a URN", { dataSchema: "urn:example:user.registered:1" }, "1"],
    ["no version", { dataSchema: "https://schemas.example/order-2026" }, null],
    ["nothing", {}, null],
  ])("%s", (_, named, version) => {
    expect(versionOf({ ...event, ...named })).toBe(version);
  });

  test("is changed in the place where it stands", () => {
    const named = (some: Partial<typeof event>) => nameVersion({ ...event, ...some }, "2.0");
    expect(named({ dataSchema: "/user/1.0.json" })).toMatchObject({
      dataSchema: "/user/2.0.json",
      extensions: null,
    });
    expect(named({ dataSchema: "/user/1.0", extensions: { dataversion: "1.0", tenant: "a" } })).toMatchObject(
      {
        dataSchema: "/user/1.0",
        extensions: { dataversion: "2.0", tenant: "a" },
      },
    );
    expect(named({})).toMatchObject({ dataSchema: null, extensions: { dataversion: "2.0" } });
  });
});

describe("The order of versions", () => {
  test("goes by numbers, and by what comes before a release", () => {
    const sorted = ["alpha", "1", "1.9", "1.10", "2.0-beta", "2.0-beta.2", "2", "2.0.1", "v3", "2026-11-22"];
    expect(sorted.toReversed().sort(compareVersions)).toEqual(sorted);
  });

  test.each([
    ["2", "2.0"],
    ["v2", "2.0.0"],
    ["1.01", "1.1"],
  ])("takes %s and %s for the same", (a, b) => {
    expect(compareVersions(a, b)).toBe(0);
  });

  test("is an order", () => {
    const part = fc.constantFrom("0", "1", "2", "10", "a", "b");
    const version = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("."));
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) {
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});
