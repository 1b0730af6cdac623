import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  describeError,
  ERROR_LIMITS,
  type ErrorRecord,
  errorFromHttpAnswer,
  errorFromRequest,
  errorFromThrown,
} from "./error-record.ts";

/** Any characters, and many of them. */
const longTexts = fc
  .tuple(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 2000 }))
  .map(([text, times]) => text.repeat(times));

describe("what a handler throws", () => {
  test("an error keeps its name, message, code and stack", () => {
    const thrown = Object.assign(new RangeError("Quantity is negative"), { code: "22003" });
    const error = errorFromThrown(thrown);
    expect(error).toMatchObject({
      kind: "handler",
      name: "RangeError",
      message: "Quantity is negative",
      code: "22003",
    });
    expect(error.stack).toContain("error-record.test.ts");
  });

  test("causes are listed, nearest first", () => {
    const root = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const thrown = new Error("Inventory failed", { cause: new TypeError("fetch failed", { cause: root }) });
    expect(errorFromThrown(thrown).causes).toEqual([
      { name: "TypeError", message: "fetch failed" },
      { name: "Error", message: "connect ECONNREFUSED", code: "ECONNREFUSED" },
    ]);
  });

  test("an error that is its own cause ends", () => {
    const thrown = new Error("round and round");
    thrown.cause = thrown;
    expect(errorFromThrown(thrown).causes).toBeUndefined();
  });

  test("the parts of an aggregate stand among the causes", () => {
    const thrown = new AggregateError(
      [new Error("::1 refused"), new Error("127.0.0.1 refused")],
      "both failed",
    );
    expect(errorFromThrown(thrown).causes?.map(({ message }) => message)).toEqual([
      "::1 refused",
      "127.0.0.1 refused",
    ]);
  });

  test.each([
    ["a text", "out of stock", "out of stock"],
    ["nothing", undefined, "Something that is no error was thrown: undefined"],
    ["null", null, "Something that is no error was thrown: null"],
    ["a plain object", { reason: 7 }, 'Something that is no error was thrown: {"reason":7}'],
    ["a symbol", Symbol("x"), "Something that is no error was thrown: Symbol(x)"],
    ["an object with a message", { message: "declined" }, "declined"],
  ])("%s is put in words", (_, thrown, message) => {
    expect(errorFromThrown(thrown)).toEqual({ kind: "handler", name: "Error", message });
  });

  test("getters that throw and objects that don't serialise do no harm", () => {
    const hostile = Object.defineProperty({}, "message", {
      get() {
        throw new Error("no message for you");
      },
      enumerable: true,
    });
    expect(errorFromThrown(hostile).message).toBe("Something that is no error was thrown, of type object.");
  });

  test("anything that is thrown becomes a bounded record that survives JSON and holds no NUL", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true }),
          longTexts.map((message) => new Error(message)),
          fc.record({
            message: fc.anything(),
            name: fc.anything(),
            cause: fc.anything(),
            stack: fc.string(),
          }),
        ),
        (thrown) => {
          const error = errorFromThrown(thrown);
          expect(JSON.parse(JSON.stringify(error))).toEqual(error);
          expectBounded(error);
        },
      ),
    );
  });
});

describe("what a request throws", () => {
  test("the cause of a failed fetch lends its code", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED 10.0.0.1:80"), { code: "ECONNREFUSED" });
    expect(errorFromRequest(new TypeError("fetch failed", { cause: refused }))).toMatchObject({
      kind: "network",
      code: "ECONNREFUSED",
      message: "fetch failed",
    });
  });

  test.each([
    new DOMException("The operation was aborted due to timeout", "TimeoutError"),
    new TypeError("fetch failed", {
      cause: Object.assign(new Error("slow"), { name: "HeadersTimeoutError" }),
    }),
    new TypeError("fetch failed", { cause: Object.assign(new Error("slow"), { code: "ETIMEDOUT" }) }),
  ])("%s is a timeout", (thrown) => {
    expect(errorFromRequest(thrown).kind).toBe("timeout");
  });
});

describe("what an HTTP consumer answers", () => {
  test("the status and the beginning of the body are kept", () => {
    const body = new TextEncoder().encode('{"error":"在庫なし"}\n');
    expect(errorFromHttpAnswer({ status: 503, statusText: "Service Unavailable", body })).toEqual({
      kind: "http",
      name: "HttpError",
      message: "The consumer answered 503 Service Unavailable.",
      status: 503,
      bodyExcerpt: '{"error":"在庫なし"}',
    });
  });

  test("an empty body leaves no excerpt", () => {
    expect(errorFromHttpAnswer({ status: 500, body: new Uint8Array() })).toEqual({
      kind: "http",
      name: "HttpError",
      message: "The consumer answered 500.",
      status: 500,
    });
  });

  test("any bytes make a bounded excerpt", () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.integer({ min: 1, max: 2000 }),
        longTexts,
        (part, times, statusText) => {
          const body = Uint8Array.from(
            { length: part.length * times },
            (_, index) => part[index % part.length] ?? 0,
          );
          expectBounded(errorFromHttpAnswer({ status: 500, statusText, body }));
        },
      ),
    );
  });

  test("a body cut between two bytes of a character shows no broken one", () => {
    const body = new TextEncoder().encode(`a${"😀".repeat(10_000)}`);
    expect(errorFromHttpAnswer({ status: 500, body }).bodyExcerpt).not.toContain("\ufffd");
  });
});

test("an error of our own is named by its kind", () => {
  expect(describeError("lease-expired", "Worker 7 stopped.")).toEqual({
    kind: "lease-expired",
    name: "LeaseExpiredError",
    message: "Worker 7 stopped.",
  });
});

function expectBounded(error: ErrorRecord): void {
  const { causes = [], ...flat } = error;
  expect(causes.length).toBeLessThanOrEqual(ERROR_LIMITS.causes);
  for (const part of [flat, ...causes]) {
    for (const [field, value] of Object.entries(part)) {
      if (typeof value !== "string" || field === "kind") continue;
      expect(value.length).toBeLessThanOrEqual(Reflect.get(ERROR_LIMITS, field));
      expect(value.isWellFormed()).toBe(true);
      expect(value).not.toContain("\u0000");
    }
  }
}
