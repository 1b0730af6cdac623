import fc from "fast-check";
import { expect, test } from "vitest";
import {
  DELIVERY_STATUSES,
  type Delivery,
  type DeliveryCommand,
  moveDelivery,
  newDelivery,
} from "./delivery.ts";
import { describeError } from "./error-record.ts";
import { nextInOrder, ON_DEAD } from "./ordering.ts";
import { DEFAULT_RETRY_POLICY } from "./retry-policy.ts";

const statuses = fc.array(fc.constantFrom(...DELIVERY_STATUSES));

test("the first delivery that isn't settled comes first, a retry before what is newer", () => {
  expect(nextInOrder(["succeeded", "retrying", "pending"], "block")).toBe(1);
  expect(nextInOrder(["succeeded", "discarded", "pending", "pending"], "block")).toBe(2);
});

test("nothing overtakes a delivery that is under way", () => {
  expect(nextInOrder(["processing", "pending"], "continue")).toBeNull();
});

test("a dead letter blocks its key, or lets it go on, as the subscription chose", () => {
  expect(nextInOrder(["dead", "pending"], "block")).toBeNull();
  expect(nextInOrder(["dead", "pending"], "continue")).toBe(1);
});

test("a key with nothing left has no next", () => {
  expect(nextInOrder([], "block")).toBeNull();
  expect(nextInOrder(["succeeded", "discarded"], "block")).toBeNull();
});

test("everything before the next one is settled, and the next one is not", () => {
  fc.assert(
    fc.property(statuses, fc.constantFrom(...ON_DEAD), (list, onDead) => {
      const next = nextInOrder(list, onDead);
      if (next === null) return;
      expect(["pending", "retrying"]).toContain(list[next]);
      const passed = onDead === "block" ? ["succeeded", "discarded"] : ["succeeded", "discarded", "dead"];
      for (const status of list.slice(0, next)) expect(passed).toContain(status);
    }),
  );
});

test("whatever fails, the events of a key take effect in their order, and each at most once", () => {
  const outcomes = fc.array(fc.constantFrom("succeed", "fail", "fail-for-good", "expire"), {
    minLength: 1,
    maxLength: 80,
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      outcomes,
      fc.constantFrom(...ON_DEAD),
      (events, script, onDead) => {
        const key = Array.from({ length: events }, newDelivery);
        const effects: number[] = [];
        let nowMs = 0;
        for (const outcome of script) {
          const next = nextInOrder(
            key.map(({ status }) => status),
            onDead,
          );
          if (next === null) break;
          // Far enough for every retry to be due and every lease to have expired.
          nowMs += 1_000_000;
          const claimed = move(key, next, { kind: "claim", worker: "w", leaseMs: 1000 }, nowMs);
          expect(
            nextInOrder(
              key.map(({ status }) => status),
              onDead,
            ),
          ).toBeNull();
          nowMs += 1000;
          if (outcome === "succeed") effects.push(next);
          move(key, next, commandFor(outcome, claimed), nowMs);
        }
        expect(effects).toEqual([...new Set(effects)].sort((a, b) => a - b));
        if (onDead === "block") expect(effects).toEqual([...effects.keys()]);
      },
    ),
  );
});

function commandFor(outcome: string, { generation, attempt }: Delivery): DeliveryCommand {
  const error = describeError("handler", "declined");
  if (outcome === "succeed") return { kind: "succeed", generation, attempt };
  if (outcome === "expire") return { kind: "expire", error };
  return { kind: "fail", generation, attempt, error, retryable: outcome === "fail" };
}

function move(key: Delivery[], index: number, command: DeliveryCommand, nowMs: number): Delivery {
  const context = { policy: DEFAULT_RETRY_POLICY, nowMs, random: () => 0.5 };
  const result = moveDelivery(key[index] ?? newDelivery(), command, context);
  if (result.kind === "refused") throw new Error(`${command.kind} was refused: ${result.reason}`);
  key[index] = result.delivery;
  return result.delivery;
}
