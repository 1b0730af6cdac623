import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EMPTY_MAP, mapTrace, mergeMaps, type ProcessMap, tookWay } from "./process-map.ts";
import { readMap } from "./read-map.ts";
import { stepKey } from "./step-context.ts";
import { FlowRecorder } from "./testing/flow-recorder.ts";
import { readRun } from "./testing/read-run.ts";
import { type Faults, runSystem, type System } from "./testing/run-system.ts";
import {
  ADDRESS_REFUSED,
  CARD_DECLINED,
  OUT_OF_STOCK,
  ordersMediator,
  ordersSaga,
} from "./testing/sample-systems.ts";

function mapRun(system: System, faults: Faults = {}): ProcessMap {
  const { trace, saga } = readRun(runSystem(system, faults));
  return mapTrace(trace, saga);
}

function mapRuns(system: System, all: readonly Faults[]): ProcessMap {
  return all.map((faults) => mapRun(system, faults)).reduce(mergeMaps, EMPTY_MAP);
}

const seeds = (count: number, faults: Faults = {}) =>
  Array.from({ length: count }, (_, index) => ({ ...faults, seed: index + 1 }));

const PAYMENT = stepKey("service:payment", "order.placed");
const STOCK = stepKey("service:inventory", "payment.processed");

describe("A process map", () => {
  const map = mapRuns(ordersSaga, [
    ...seeds(30),
    ...seeds(6, { says: OUT_OF_STOCK }),
    ...seeds(4, { says: CARD_DECLINED }),
  ]);
  const read = readMap(map);

  test("counts the flows of each branch, and where they ended", () => {
    expect(read.flows).toBe(40);
    expect(read.ends).toEqual({ completed: 30, compensated: 6, failed: 4 });
    const branch = (from: string | null, to: string) =>
      read.branches.find((one) => one.from === from && one.to === to);
    expect(branch(null, PAYMENT)).toMatchObject({ flows: 40, share: 1 });
    expect(branch(PAYMENT, STOCK)).toMatchObject({ flows: 36, share: 0.9 });
    expect(branch(STOCK, stepKey("service:payment", "inventory.reservation.failed"))).toMatchObject({
      flows: 6,
    });
    expect(read.branches.filter(({ end }) => end !== null).map(({ end }) => end)).toContain("compensated");
  });

  test("has no step for a mediator that ended a saga and has not taken everything yet", () => {
    const run = runSystem(ordersMediator, {});
    const settled = readRun(run, { told: "history" });
    const last = run.recorder.deliveries.findLast(({ consumer }) => consumer === "mediator");
    expect(last).toBeDefined();
    Object.assign(last ?? {}, { status: "processing", durationUs: null });
    run.recorder.attempts.splice(0);
    const open = readRun(run, { told: "history" });
    expect(open.trace.steps.at(-1)).toMatchObject({ service: "service:mediator", state: "working" });
    expect(open.saga.state).toBe("completed");
    const { steps, branches, variants } = mapTrace(open.trace, open.saga);
    const expected = mapTrace(settled.trace, settled.saga);
    expect(Object.keys(steps)).toEqual(Object.keys(expected.steps));
    expect(branches).toEqual(expected.branches);
    expect(Object.keys(variants)).toEqual(Object.keys(expected.variants));
  });

  test("sorts variants by how many flows took them", () => {
    expect(read.variants.map(({ flows }) => flows)).toEqual([30, 6, 4]);
    expect(read.variants[0]?.stages.flat()[0]).toBe(PAYMENT);
    expect(read.otherFlows).toBe(0);
  });

  test("knows how long each step takes", () => {
    const step = read.steps.find(({ key }) => key === PAYMENT);
    expect(step?.flows).toBe(40);
    expect(step?.medianUs).toBeGreaterThan(5_000);
    expect(step?.p95Us).toBeGreaterThanOrEqual(step?.medianUs ?? 0);
    expect(step?.p99Us).toBeLessThan(30_000);
  });

  test("is made of flows that somebody took on, or that failed at once", () => {
    const alone = new FlowRecorder();
    alone.emit("shop", { type: "order.placed" });
    const untaken = readRun({ recorder: alone, transitions: [], nowUs: alone.nowUs });
    expect([untaken.saga.state, tookWay(untaken.trace, untaken.saga)]).toEqual(["completed", false]);
    expect(tookWay(untaken.trace, { state: "failed" })).toBe(true);
    const whole = readRun(runSystem(ordersSaga));
    expect(tookWay(whole.trace, whole.saga)).toBe(true);
  });

  test("calls a service by its consumer, once that is known to be the same", () => {
    const named = (service: string): ProcessMap => {
      const map = mapRun(ordersMediator);
      const steps = Object.entries(map.steps).map(([key, step]) => [key, { ...step, service }]);
      return { ...map, steps: Object.fromEntries(steps) };
    };
    const [source, consumer] = [named("service:/samples/payment"), named("service:payment")];
    for (const both of [mergeMaps(source, consumer), mergeMaps(consumer, source)]) {
      expect(Object.values(both.steps)[0]?.service).toBe("service:payment");
    }
  });

  test("adds up in any order and any grouping", () => {
    const maps = [
      mapRun(ordersSaga),
      mapRun(ordersSaga, { says: OUT_OF_STOCK }),
      mapRun(ordersMediator, { says: ADDRESS_REFUSED }),
      mapRun(ordersMediator, { silent: ["inventory"] }),
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...maps), { maxLength: 8 }), fc.nat(8), (some, cut) => {
        const left = some.slice(0, cut).reduce(mergeMaps, EMPTY_MAP);
        const right = some.slice(cut).reduceRight((all, one) => mergeMaps(one, all), EMPTY_MAP);
        expect(mergeMaps(right, left)).toEqual(some.reduce(mergeMaps, EMPTY_MAP));
      }),
    );
  });
});

test("Flows that differ only in which parallel step was faster are one variant", () => {
  const read = readMap(mapRuns(ordersMediator, seeds(20)));
  expect(read.variants).toHaveLength(1);
  const parallel = read.variants[0]?.stages.find((stage) => stage.length === 2);
  expect(parallel).toEqual([
    stepKey("service:mail", "mail.send"),
    stepKey("service:points", "points.credit"),
  ]);
});

describe("A saga with what is normal", () => {
  const norms = mapRuns(ordersSaga, seeds(40)).steps;

  test("is stuck when a step takes longer than it does in 99 of 100 flows", () => {
    const run = runSystem(ordersSaga, { away: ["inventory"], untilMs: 15 });
    expect(readRun(run, { norms }).saga.state).toBe("waiting");
    const { saga } = readRun({ ...run, nowUs: run.nowUs + 60_000_000 }, { norms });
    expect(saga.state).toBe("stuck");
    const evidence = saga.evidence.find(({ kind }) => kind === "longer-than-usual");
    expect(evidence?.steps).toEqual([STOCK]);
    expect(evidence?.numbers.waitedUs).toBeGreaterThan(evidence?.numbers.p99Us ?? 0);
    expect(saga.sinceUs).toBe(saga.awaited[0]?.dueUs);
  });

  test("is completed where flows normally end, and only there", () => {
    expect(readRun(runSystem(ordersSaga, { seed: 99 }), { norms }).saga.state).toBe("completed");
  });

  test("is never stuck for its age where too few flows are known", () => {
    const few = mapRuns(ordersSaga, seeds(5)).steps;
    const run = runSystem(ordersSaga, { away: ["inventory"] });
    const { saga } = readRun(run, { norms: few });
    expect(saga.state).toBe("waiting");
    expect(saga.evidence.find(({ kind }) => kind === "few-durations")?.numbers).toEqual({
      flows: 5,
      needed: 20,
    });
  });

  test("waits for what nearly always follows, though nobody reports a delivery", () => {
    const { recorder, nowUs } = runSystem(ordersSaga, { away: ["inventory"] });
    recorder.deliveries.splice(
      recorder.deliveries.findIndex(({ consumer }) => consumer === "inventory"),
      1,
    );
    const run = { recorder, transitions: [], nowUs };
    expect(readRun(run).saga.state).toBe("completed");
    // Of so few, some may well end there.
    expect(readRun(run, { norms }).saga.state).toBe("completed");
    const { saga } = readRun(run, { norms: mapRuns(ordersSaga, seeds(300)).steps });
    expect(saga).toMatchObject({ state: "stuck", awaited: [{ what: "follower", key: PAYMENT }] });
    expect(saga.evidence.find(({ kind }) => kind === "usually-goes-on")?.numbers).toMatchObject({
      flows: 300,
      share: 1,
    });
  });
});
