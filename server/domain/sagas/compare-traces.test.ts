import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareTraces } from "./compare-traces.ts";
import { diffPayloads } from "./diff-payloads.ts";
import { readRun } from "./testing/read-run.ts";
import { runSystem } from "./testing/run-system.ts";
import { ADDRESS_REFUSED, OUT_OF_STOCK, ordersMediator, ordersSaga } from "./testing/sample-systems.ts";
import type { Trace } from "./trace.ts";

const NONE = { left: new Map<string, string>(), right: new Map<string, string>() };

describe("Two traces", () => {
  test("of the same way have no divergence, though parallel steps ended in another order", () => {
    const traces = [1, 2, 3, 4, 5].map((seed) => readRun(runSystem(ordersMediator, { seed })).trace);
    for (const other of traces.slice(1)) {
      const comparison = compareTraces(traces[0] as Trace, other, NONE); // there are five
      expect(comparison.first).toBeNull();
      expect(comparison.durations).toHaveLength(5);
    }
  });

  test("diverge at the first step that came to something else", () => {
    const good = readRun(runSystem(ordersSaga)).trace;
    const bad = readRun(runSystem(ordersSaga, { says: OUT_OF_STOCK })).trace;
    const { first, divergences } = compareTraces(good, bad, NONE);
    expect(first).toMatchObject({ kind: "state", leftState: "completed", rightState: "failed" });
    expect(good.steps[first?.left ?? -1]?.name).toBe("payment.processed");
    expect(divergences.map(({ kind }) => kind)).toContain("only-right");
    const back = compareTraces(bad, good, NONE);
    expect(back.first).toMatchObject({ kind: "state", leftState: "failed", key: first?.key });
  });

  test("show which step took longer", () => {
    const quick = readRun(runSystem(ordersSaga)).trace;
    const slow = readRun(runSystem(ordersSaga, { flaky: { inventory: 2 } })).trace;
    const [most] = compareTraces(quick, slow, NONE).durations;
    expect(quick.steps[most?.left ?? -1]?.service).toBe("service:inventory");
    expect(most?.byUs).toBeGreaterThan(200_000);
  });

  test("show the fields in which the same events differ, and count what could not be compared", () => {
    const good = readRun(runSystem(ordersMediator)).trace;
    const bad = readRun(runSystem(ordersMediator, { says: ADDRESS_REFUSED })).trace;
    const payloads = (trace: Trace, address: string) =>
      new Map(
        trace.events
          .filter(({ type }) => type === "shipping.ship")
          .map(({ position }) => [position, `{"orderId":"order-1","address":${address}}`]),
      );
    const given = { left: payloads(good, '"Main St 1"'), right: payloads(bad, '""') };
    const { payloads: differing, compared } = compareTraces(good, bad, given);
    expect(differing).toHaveLength(1);
    expect(differing[0]?.difference).toEqual({
      kind: "json",
      fields: [{ pointer: "/address", left: '"Main St 1"', right: '""' }],
      isCut: false,
    });
    expect(compared).toEqual({ payloads: 1, missing: 9 });
  });
});

describe("Two payloads", () => {
  const fields = (left: string, right: string) => {
    const difference = diffPayloads(left, right);
    return difference.kind === "json" ? difference.fields : null;
  };

  test("differ by numbers that are one double, and not by how a number is written", () => {
    expect(fields('{"id":9007199254740993}', '{"id":9007199254740992}')).toEqual([
      { pointer: "/id", left: "9007199254740993", right: "9007199254740992" },
    ]);
    expect(fields('{"a":1.0,"b":1e2}', '{"b":100,"a":1}')).toEqual([]);
  });

  test("differ at each place, deep ones and missing ones included", () => {
    expect(fields('{"a":{"b":[1,2]},"c":1,"d/e":null}', '{"a":{"b":[1,3,4]},"d/e":0}')).toEqual([
      { pointer: "/c", left: "1", right: null },
      { pointer: "/d~1e", left: "null", right: "0" },
      { pointer: "/a/b/1", left: "2", right: "3" },
      { pointer: "/a/b/2", left: null, right: "4" },
    ]);
  });

  test("that are no JSON are the same text or not", () => {
    expect(diffPayloads("hello", "hello")).toEqual({ kind: "text", isSame: true });
    expect(diffPayloads("hello", "{}")).toEqual({ kind: "text", isSame: false });
  });

  test("are cut where they differ in very many places", () => {
    const long = (value: number) => JSON.stringify(Array.from({ length: 1_000 }, () => value));
    expect(diffPayloads(long(1), long(2))).toMatchObject({ kind: "json", isCut: true });
  });

  test("do not differ from themselves, and differ both ways alike", () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (a, b) => {
        expect(fields(a, a)).toEqual([]);
        const turned = fields(b, a)?.map(({ pointer, left, right }) => ({
          pointer,
          left: right,
          right: left,
        }));
        const byPlace = (x: { pointer: string }, y: { pointer: string }) => (x.pointer < y.pointer ? -1 : 1);
        expect(turned?.sort(byPlace)).toEqual(fields(a, b)?.sort(byPlace));
      }),
    );
  });
});
