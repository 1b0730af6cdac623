import { describe, expect, test } from "vitest";
import { UNCLEAR } from "../topology/testing/corpus/borders.ts";
import { BROKERS } from "../topology/testing/corpus/brokers.ts";
import type { CorpusCase } from "../topology/testing/corpus/case.ts";
import { MEDIATORS } from "../topology/testing/corpus/mediators.ts";
import { findCriticalPath } from "./critical-path.ts";
import { readSaga } from "./read-saga.ts";
import { readTrace } from "./read-trace.ts";
import { drawSequence } from "./sequence.ts";
import { recordObserved } from "./testing/record-observed.ts";
import type { Trace } from "./trace.ts";

/** Mediators that show nothing in one flow, because they or all services don't name what led to what they send. */
const INVISIBLE = ["mediator, nobody names causes", "mediator that names no causes, while its services do"];
/** Those of which parts were lost or never answered, so that some flows show too little. */
const SPOILT = [
  "mediator that asks again when nobody answers",
  "mediator, some messages lost for good",
  "mediator, one event in five not recorded",
];
const FLOWS = 12;

function readAll({ flows }: CorpusCase): Trace[] {
  return flows(1)
    .slice(0, FLOWS)
    .map((flow) => readTrace(recordObserved(flow)));
}

describe("Single flows of systems whose topology is known", () => {
  test.each(BROKERS)("are never read as a mediator's: $name", (one) => {
    const traces = readAll(one);
    expect(traces.filter(({ basis }) => basis !== "choreographed")).toEqual([]);
    const isSaga = one.name.includes("saga");
    if (!isSaga) expect(traces.flatMap(({ compensations }) => compensations)).toEqual([]);
  });

  test.each(MEDIATORS.filter(({ name }) => !INVISIBLE.includes(name)))(
    "are read as a mediator's, with every compensation and no other: $name",
    (one) => {
      const traces = readAll(one);
      const read = traces.filter(({ basis }) => basis === "mediated");
      expect(read.length).toBeGreaterThanOrEqual(
        SPOILT.includes(one.name) ? traces.length / 2 : traces.length,
      );
      for (const { steps, compensations } of read) {
        const isUndo = ({ name }: { name: string }) => name.endsWith(".undo");
        const wanted = steps.flatMap((step, index) => (isUndo(step) ? [index] : []));
        expect(compensations.map(({ step }) => step)).toEqual(wanted);
        for (const { step, undoes } of compensations) {
          expect(steps[undoes]?.name).toBe(steps[step]?.name.replace(".undo", ".do"));
        }
      }
    },
  );

  test.each(INVISIBLE)("show no mediator where causes are missing: %s", (name) => {
    const one = MEDIATORS.find((candidate) => candidate.name === name);
    const traces = one === undefined ? [] : readAll(one);
    expect(traces.filter(({ basis }) => basis === "mediated")).toEqual([]);
    expect(traces.every(({ gaps }) => gaps.length > 0)).toBe(true);
  });

  test.each([...BROKERS, ...MEDIATORS, ...UNCLEAR])("can be viewed, whatever they are: $name", (one) => {
    for (const trace of readAll(one)) {
      const path = findCriticalPath(trace);
      const length = path.reduce((sum, { startUs, endUs }) => sum + endUs - startUs, 0);
      expect(length).toBe(trace.endUs - trace.startUs);
      const drawn = drawSequence(trace).arrows.flatMap(({ kind, messages }) =>
        kind === "publish" ? [] : messages,
      );
      expect(drawn.length).toBe(trace.messages.length);
      const { state, awaited } = readSaga(trace, { nowUs: trace.endUs });
      expect(["completed", "compensated", "failed"].includes(state)).toBe(awaited.length === 0);
    }
  });
});
