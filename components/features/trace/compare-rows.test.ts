import { describe, expect, test } from "vitest";
import { compareTraces } from "#server/domain/sagas/compare-traces.ts";
import { readRun } from "#server/domain/sagas/testing/read-run.ts";
import { runSystem } from "#server/domain/sagas/testing/run-system.ts";
import { ADDRESS_REFUSED, ordersMediator } from "#server/domain/sagas/testing/sample-systems.ts";
import { toAddress, toReference } from "./compare-address.ts";
import { type ComparedStep, longestUs, nameOf, toComparedSteps } from "./compare-rows.ts";

const good = readRun(runSystem(ordersMediator)).trace;
const bad = readRun(runSystem(ordersMediator, { says: ADDRESS_REFUSED })).trace;

function payloadsOf(address: string) {
  return ({ events }: typeof good) =>
    new Map(
      events.map(({ position, type }) => [
        position,
        type === "shipping.ship" ? `{"address":${address},"parcels":1}` : "{}",
      ]),
    );
}

const comparison = compareTraces(good, bad, {
  left: payloadsOf('"Main St 1"')(good),
  right: payloadsOf('""')(bad),
});
const steps = toComparedSteps({ left: good, right: bad, comparison });

describe("Two ways side by side", () => {
  test("hold every step of both, once", () => {
    const taken = (side: "left" | "right") =>
      steps.flatMap((step) => step[side]?.step ?? []).toSorted((a, b) => a - b);
    expect(taken("left")).toEqual([...good.steps.keys()]);
    expect(taken("right")).toEqual([...bad.steps.keys()]);
    expect(new Set(steps.map(nameOf)).size).toBe(steps.length);
  });

  test("mark where they part first, and what only one of them has", () => {
    const marked = steps.filter(({ divergence }) => divergence !== null);
    expect(marked[0]).toMatchObject({
      name: "shipping.ship",
      left: { state: "completed" },
      right: { state: "failed" },
    });
    expect(nameOf(marked[0] as ComparedStep)).toBe(comparison.first === null ? "" : nameOf(comparison.first)); // just checked
    const undone = marked.filter(({ right }) => right?.undoes != null);
    expect(undone.map(({ left, divergence }) => [left, divergence?.kind])).toEqual([
      [null, "only-right"],
      [null, "only-right"],
    ]);
  });

  test("tell how long each took and in how many fields they differ", () => {
    const shipped = steps.find(({ name }) => name === "shipping.ship");
    expect(shipped?.fields).toBe(1);
    expect(shipped?.duration?.leftUs).toBe(shipped?.left?.tookUs);
    expect(longestUs(steps)).toBeGreaterThanOrEqual(shipped?.left?.tookUs ?? 0);
    expect(longestUs([])).toBe(0);
  });
});

describe("The address of a side", () => {
  test.each([
    { by: "correlation-id", value: "order-1", subject: null },
    { by: "trace", value: "4bf92f3577b34da6a3ce929d0e0e4736", subject: null },
    { by: "payload", value: "7", subject: "order 7/ü" },
  ] as const)("comes back: $by", (reference) => expect(toReference(toAddress(reference))).toEqual(reference));

  test("is nothing without a value, and takes what it doesn't know as a correlation id", () => {
    expect(toReference({ value: null, by: "trace", subject: null })).toBeNull();
    expect(toReference({ value: "a", by: "else", subject: "" })).toEqual({
      by: "correlation-id",
      value: "a",
      subject: null,
    });
  });
});
