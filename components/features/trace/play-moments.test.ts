import { expect, test } from "vitest";
import { readTrace } from "#server/domain/sagas/read-trace.ts";
import { BEGIN_US, FlowRecorder } from "#server/domain/sagas/testing/flow-recorder.ts";
import { momentAt, momentsOf, stepMoment, strideOf } from "./play-moments.ts";

const flow = new FlowRecorder();
const placed = flow.emit("shop", { type: "order.placed" });
flow.wait(10).attempt(placed, "mail", { ms: 5 });
const trace = readTrace({ ...flow.recorded, services: flow.services });
const [emitted, begun, ended] = [1, 10_001, 15_001].map((us) => BEGIN_US + us);

test("a trace is played from each moment at which something changed to the next", () => {
  const moments = momentsOf(trace);
  expect(moments).toEqual([emitted, begun, ended]);
  expect(stepMoment(moments, null, -1)).toBe(ended);
  expect(stepMoment(moments, ended ?? 0, -1)).toBe(begun);
  expect(stepMoment(moments, emitted ?? 0, -1)).toBe(emitted);
  expect(stepMoment(moments, emitted ?? 0, 1)).toBe(begun);
  expect(stepMoment(moments, ended ?? 0, 1)).toBeNull();
});

test("a time between two moments belongs to the earlier one", () => {
  const moments = momentsOf(trace);
  expect(momentAt(moments, BEGIN_US + 12_000)).toBe(1);
  expect(momentAt(moments, BEGIN_US - 5)).toBe(0);
  expect(momentAt(moments, null)).toBe(2);
  expect(stepMoment(moments, BEGIN_US + 12_000, 1)).toBe(ended);
});

test("when a read model caught up is a moment as well, and parts of a microsecond are not cut off", () => {
  expect(momentsOf(trace, [BEGIN_US + 20_000.25])).toContain(BEGIN_US + 20_001);
});

test("a long trace is played in larger steps", () => {
  expect(strideOf([1, 2, 3])).toBe(1);
  expect(strideOf(Array.from({ length: 30_000 }, (_, index) => index))).toBe(375);
});
