import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSaga } from "./read-saga.ts";
import { readTrace } from "./read-trace.ts";
import { recordedLate, shuffled, withoutEvents } from "./testing/disorder.ts";
import { undone } from "./testing/read-run.ts";
import { type Faults, type RunFlow, runSystem, type System } from "./testing/run-system.ts";
import {
  ADDRESS_REFUSED,
  CARD_DECLINED,
  OUT_OF_STOCK,
  ordersBroker,
  ordersMediator,
  ordersSaga,
} from "./testing/sample-systems.ts";
import type { Recorded } from "./trace-messages.ts";

const RUNS: readonly [string, System, Faults][] = [
  ["broker", ordersBroker, {}],
  ["saga, completed", ordersSaga, {}],
  ["saga, failed", ordersSaga, { says: CARD_DECLINED }],
  ["saga, compensated", ordersSaga, { says: OUT_OF_STOCK }],
  ["saga, compensating", ordersSaga, { says: OUT_OF_STOCK, away: ["orders"] }],
  ["saga, stuck", ordersSaga, { dead: ["inventory"] }],
  ["saga, told twice", ordersSaga, { doubled: ["payment"], flaky: { inventory: 2 } }],
  ["mediator, completed", ordersMediator, {}],
  ["mediator, compensated", ordersMediator, { says: ADDRESS_REFUSED }],
  ["mediator, compensated upon silence", ordersMediator, { says: { shipping: { "shipping.ship": [] } } }],
  ["mediator, waiting", ordersMediator, { silent: ["inventory"], untilMs: 1_000 }],
  ["mediator, stuck", ordersMediator, { dead: ["inventory"], untilMs: 1_000 }],
];

const RUNS_OF_EACH = 25;

const keys = fc.array(fc.integer(), { minLength: 40, maxLength: 80 });
const copies = fc.array(fc.nat(200), { maxLength: 20 });

describe.each(RUNS)("A flow that comes in disorder: %s", (_, system, faults) => {
  const run = runSystem(system, faults);
  const { recorded, services } = run.recorder;

  test("is the same trace in any order, whatever comes twice", () => {
    const ordered = readTrace({ ...recorded, services });
    fc.assert(
      fc.property(keys, copies, (order, again) => {
        expect(readTrace({ ...shuffled(recorded, order, again), services })).toEqual(ordered);
      }),
      { numRuns: RUNS_OF_EACH },
    );
  });

  test.each(["nothing", "declaration", "history"] as const)(
    "ends in the same state, with %s told",
    (told) => {
      const ordered = stateOf(run, recorded, told);
      fc.assert(
        fc.property(keys, (order) => {
          expect(stateOf(run, recordedLate(recorded, order), told)).toEqual(ordered);
        }),
        { numRuns: RUNS_OF_EACH },
      );
    },
  );

  test("says where events are missing, and ends in the same state when they come after all", () => {
    const ordered = stateOf(run, recorded, "nothing");
    fc.assert(
      fc.property(fc.array(fc.nat(60), { minLength: 1, maxLength: 5 }), keys, (missing, order) => {
        const part = withoutEvents(recorded, missing);
        const trace = readTrace({ ...part, services });
        const ids = new Set(part.events.map(({ id }) => id));
        const orphans = part.events.filter(
          ({ causationId }) => causationId !== null && !ids.has(causationId),
        );
        expect(trace.gaps.filter(({ kind }) => kind === "cause-not-in-flow")).toHaveLength(orphans.length);
        readSaga(trace, { nowUs: run.nowUs });
        const moved = recordedLate(recorded, order);
        const late = { ...moved, events: [...withoutEvents(moved, missing).events, ...moved.events] };
        expect(stateOf(run, late, "nothing").state).toEqual(ordered.state);
      }),
      { numRuns: RUNS_OF_EACH },
    );
  });
});

test.each([{ says: ADDRESS_REFUSED }, {}])(
  "An ended saga with a history is what it is whatever is missing: %o",
  (faults) => {
    const run = runSystem(ordersMediator, faults);
    const whole = stateOf(run, run.recorder.recorded, "history").state;
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 12 }), (missing) => {
        expect(stateOf(run, withoutEvents(run.recorder.recorded, missing), "history").state).toEqual(whole);
      }),
      { numRuns: RUNS_OF_EACH },
    );
  },
);

function stateOf(
  { recorder, declared, transitions, nowUs }: RunFlow,
  recorded: Recorded,
  told: "nothing" | "declaration" | "history",
) {
  const known = {
    ...(told === "nothing" ? {} : { declared }),
    ...(told === "history" ? { transitions: transitions.toReversed() } : {}),
  };
  const trace = readTrace({ ...recorded, services: recorder.services, ...known });
  const { state, basis, progress, failure, awaited } = readSaga(trace, { nowUs, ...known });
  return {
    state,
    basis,
    progress,
    reason: failure?.reason ?? null,
    awaited: awaited.map(({ what, key }) => `${what} ${key}`).sort(),
    undone: undone(trace).sort(),
    steps: trace.steps.map(({ key, state: one }) => `${key} ${one}`).sort(),
  };
}
