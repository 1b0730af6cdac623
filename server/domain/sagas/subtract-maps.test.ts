import fc from "fast-check";
import { expect, test } from "vitest";
import { EMPTY_MAP, mapTrace, mergeMaps } from "./process-map.ts";
import { subtractMaps } from "./subtract-maps.ts";
import { readRun } from "./testing/read-run.ts";
import { type Faults, runSystem, type System } from "./testing/run-system.ts";
import {
  ADDRESS_REFUSED,
  CARD_DECLINED,
  OUT_OF_STOCK,
  ordersMediator,
  ordersSaga,
} from "./testing/sample-systems.ts";

const RUNS: readonly [System, Faults][] = [
  [ordersSaga, {}],
  [ordersSaga, { seed: 2 }],
  [ordersSaga, { says: OUT_OF_STOCK }],
  [ordersSaga, { says: CARD_DECLINED }],
  [ordersMediator, {}],
  [ordersMediator, { says: ADDRESS_REFUSED }],
  [ordersMediator, { silent: ["inventory"] }],
];
const MAPS = RUNS.map(([system, faults]) => {
  const { trace, saga } = readRun(runSystem(system, faults));
  return mapTrace(trace, saga);
});
const some = fc.array(fc.constantFrom(...MAPS), { maxLength: 6 });

test("taking out what was added gives the map of before, in whatever order", () => {
  fc.assert(
    fc.property(some, some, (kept, taken) => {
      const before = kept.reduce(mergeMaps, EMPTY_MAP);
      const after = [...kept, ...taken].reduceRight((all, one) => mergeMaps(one, all), EMPTY_MAP);
      expect(taken.reduce(subtractMaps, after)).toEqual(before);
      expect(subtractMaps(after, taken.reduce(mergeMaps, EMPTY_MAP))).toEqual(before);
    }),
    { numRuns: 50 },
  );
});

test("taking out more than there is leaves nothing", () => {
  const [map = EMPTY_MAP] = MAPS;
  expect(subtractMaps(map, mergeMaps(map, map))).toEqual(EMPTY_MAP);
  expect(subtractMaps(EMPTY_MAP, map)).toEqual(EMPTY_MAP);
});
