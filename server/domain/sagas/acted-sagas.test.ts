import { describe, expect, test } from "vitest";
import type { RunActionRequest } from "../processes/run-action.ts";
import { readRun, undone } from "./testing/read-run.ts";
import { type Faults, runSystem } from "./testing/run-system.ts";
import { ADDRESS_REFUSED, ordersMediator } from "./testing/sample-systems.ts";

const reason = "The provider was called";
const retry: RunActionRequest = { action: "retry", step: null, isKeyNew: false, reason };
const skip: RunActionRequest = { action: "skip", step: null, reply: null, reason };
const compensate: RunActionRequest = { action: "compensate", reason };
const cancel: RunActionRequest = { action: "cancel", reason };
const AFTER_MS = 1_500;

/** An order of which a person did something a while after it began. */
function readActed(
  request: RunActionRequest | null,
  faults: Faults,
  onStepFailure: "wait" | "compensate" = "compensate",
) {
  const { process } = ordersMediator;
  if (process === undefined) throw new Error("There is no process.");
  const acts = request === null ? [] : [{ afterMs: AFTER_MS, request }];
  const system = { ...ordersMediator, process: { ...process, onStepFailure } };
  const { trace, saga } = readRun(runSystem(system, { untilMs: 4_000, ...faults, acts }), {
    told: "history",
  });
  const states = Object.fromEntries(trace.steps.map(({ key, state }) => [key, state]));
  return { trace, saga, states };
}

describe("A saga that a person acted on", () => {
  test("waits anew for a step that was refused and is retried", () => {
    const waiting = readActed(null, { says: ADDRESS_REFUSED }, "wait");
    expect(waiting.saga).toMatchObject({ state: "stuck", awaited: [{ what: "decision", key: "shipping" }] });
    expect(waiting.states).toMatchObject({ shipping: "failed" });

    const asked = readActed(retry, { says: ADDRESS_REFUSED, untilMs: AFTER_MS }, "wait");
    expect(asked.states).toMatchObject({ shipping: "waiting" });
    expect(asked.saga.state).toBe("waiting");

    const refused = readActed(retry, { says: ADDRESS_REFUSED }, "wait");
    expect(refused.states).toMatchObject({ shipping: "failed" });
    expect(refused.saga.state).toBe("stuck");
    expect(refused.trace.steps.find(({ key }) => key === "shipping")?.asked).toHaveLength(2);
  });

  test("asks the service again, of which nothing was heard, and is waiting", () => {
    const { saga, states, trace } = readActed(retry, { away: ["inventory"] });
    expect(states).toMatchObject({ payment: "completed", inventory: "waiting" });
    expect(saga.state).toBe("waiting");
    expect(trace.steps.find(({ key }) => key === "inventory")?.asked).toHaveLength(2);
  });

  test("goes on behind a step that was skipped, and is completed", () => {
    const { saga, states } = readActed(skip, { silent: ["inventory"] });
    expect(states).toMatchObject({ inventory: "skipped", shipping: "completed" });
    expect(saga).toMatchObject({ state: "completed", progress: { completed: 5, of: 5 } });
  });

  test("is compensated when it was called off, with the step that it had waited for given up", () => {
    const { saga, states, trace } = readActed(compensate, { silent: ["inventory"], says: { inventory: {} } });
    expect(states).toMatchObject({ inventory: "failed", payment: "completed" });
    expect(undone(trace)).toContain("inventory.release undoes inventory");
    expect(["compensating", "stuck"]).toContain(saga.state);
    expect(saga.failure).toMatchObject({ reason: "given-up" });
    const release = trace.steps.find(({ undoes }) => undoes === "inventory");
    expect(trace.steps[release?.after ?? -1]?.key).toBe("inventory");
    expect(trace.gaps).toEqual([]);
    const well = readActed(compensate, {
      says: { inventory: { "inventory.reserve": [], "inventory.release": ["inventory.released"] } },
    });
    expect(well.saga.state).toBe("compensated");
    expect(undone(well.trace)).toEqual([
      "inventory.release undoes inventory",
      "payment.refund undoes payment",
    ]);
  });

  test("has failed when it was cancelled, and nothing was taken back", () => {
    const { saga, states, trace } = readActed(cancel, { away: ["inventory"] });
    expect(saga).toMatchObject({ state: "failed", awaited: [] });
    expect(saga.evidence.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["cancelled", "given-up"]));
    expect(trace.steps[saga.failure?.step ?? -1]?.key).toBe("inventory");
    expect(saga.failure).toMatchObject({ reason: "given-up", event: null });
    expect(states).toMatchObject({ payment: "completed", inventory: "failed" });
    expect(undone(trace)).toEqual([]);
  });
});
