import { expect, test } from "vitest";
import { mapTrace } from "#server/domain/sagas/process-map.ts";
import { readRun } from "#server/domain/sagas/testing/read-run.ts";
import { runSystem } from "#server/domain/sagas/testing/run-system.ts";
import { ADDRESS_REFUSED, ordersMediator } from "#server/domain/sagas/testing/sample-systems.ts";
import { packMap, unpackMap } from "./pack-map.ts";

test("a packed map is small, the same each time, and comes back as it was", () => {
  const { trace, saga } = readRun(runSystem(ordersMediator, { says: ADDRESS_REFUSED }));
  const map = mapTrace(trace, saga);
  const packed = packMap(map);
  expect(unpackMap(packed)).toEqual(map);
  expect(packMap(structuredClone(map)).equals(packed)).toBe(true);
  expect(packed.length).toBeLessThan(JSON.stringify(map).length / 4);
});
