import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DELIVERY_STATUSES,
  type Delivery,
  type DeliveryCommand,
  type DeliveryStatus,
  isSettled,
  type MoveContext,
  moveDelivery,
  newDelivery,
  STATUSES_BEFORE,
} from "./delivery.ts";
import { describeError } from "./error-record.ts";
import { DEFAULT_RETRY_POLICY } from "./retry-policy.ts";

const error = describeError("handler", "Card was declined");
const claim: DeliveryCommand = { kind: "claim", worker: "a", leaseMs: 1000 };
const key = { generation: 0, attempt: 1 };
const context: MoveContext = { policy: DEFAULT_RETRY_POLICY, nowMs: 0, random: () => 0.5 };
const at = (nowMs: number): MoveContext => ({ ...context, nowMs });

const examples: Record<DeliveryStatus, Delivery> = {
  pending: newDelivery(),
  processing: { status: "processing", ...key, worker: "a", leaseUntilMs: 0 },
  succeeded: { status: "succeeded", ...key },
  retrying: { status: "retrying", ...key, error, nextAttemptAtMs: 0 },
  dead: { status: "dead", ...key, error },
  discarded: { status: "discarded", ...key, reason: "test order" },
};
const commands: DeliveryCommand[] = [
  claim,
  { kind: "succeed", ...key },
  { kind: "fail", ...key, error, retryable: true },
  { kind: "expire", error },
  { kind: "discard", reason: "test order" },
  { kind: "replay" },
];

describe("which command applies to which status", () => {
  const pairs = DELIVERY_STATUSES.flatMap((status) => commands.map((command) => ({ status, command })));

  test.each(pairs)("$status, $command.kind", ({ status, command }) => {
    const before: readonly DeliveryStatus[] = STATUSES_BEFORE[command.kind];
    const move = moveDelivery(examples[status], command, context);
    expect(move.kind).toBe(before.includes(status) ? "moved" : "refused");
    if (move.kind === "refused") expect(move.reason).toBe("wrong-status");
  });

  test("what only waits for a person or for nothing is settled", () => {
    expect(DELIVERY_STATUSES.filter(isSettled)).toEqual(["succeeded", "dead", "discarded"]);
  });
});

describe("an attempt", () => {
  test("a claim leases the delivery to one worker and starts the next attempt", () => {
    expect(moveDelivery(examples.pending, claim, at(500))).toEqual({
      kind: "moved",
      delivery: { status: "processing", generation: 0, attempt: 1, worker: "a", leaseUntilMs: 1500 },
    });
  });

  test("a failure waits as the policy says, longer where the consumer asked for it", () => {
    const fail = { kind: "fail", ...key, error, retryable: true } as const;
    expect(moveDelivery(examples.processing, fail, at(100))).toMatchObject({
      delivery: { status: "retrying", error, nextAttemptAtMs: 600 },
    });
    expect(moveDelivery(examples.processing, { ...fail, retryAfterMs: 9000 }, at(100))).toMatchObject({
      delivery: { status: "retrying", nextAttemptAtMs: 9600 },
    });
  });

  test("a failure for good is dead at once", () => {
    const fail = { kind: "fail", ...key, error, retryable: false } as const;
    expect(moveDelivery(examples.processing, fail, context)).toMatchObject({
      delivery: { status: "dead", error },
    });
  });

  test("the last attempt's failure is dead", () => {
    const last = { ...examples.processing, attempt: DEFAULT_RETRY_POLICY.retries + 1 };
    const fail = { kind: "fail", generation: 0, attempt: last.attempt, error, retryable: true } as const;
    expect(moveDelivery(last, fail, context)).toMatchObject({ delivery: { status: "dead", error } });
    expect(moveDelivery(last, { kind: "expire", error }, context)).toMatchObject({
      delivery: { status: "dead" },
    });
  });

  test("a retry is not claimed before its time", () => {
    const waiting = { ...examples.retrying, nextAttemptAtMs: 1000 };
    expect(moveDelivery(waiting, claim, at(999))).toEqual({ kind: "refused", reason: "not-due" });
    expect(moveDelivery(waiting, claim, at(1000))).toMatchObject({ delivery: { attempt: 2 } });
  });

  test("a lease is left alone until it has run out", () => {
    const leased = { ...examples.processing, leaseUntilMs: 1000 };
    expect(moveDelivery(leased, { kind: "expire", error }, at(999))).toEqual({
      kind: "refused",
      reason: "lease-held",
    });
    expect(moveDelivery(leased, { kind: "expire", error }, at(1000))).toMatchObject({
      delivery: { status: "retrying" },
    });
  });

  test("an answer that comes after its attempt was given up changes nothing", () => {
    const second: Delivery = {
      ...examples.processing,
      status: "processing",
      attempt: 2,
      worker: "b",
      leaseUntilMs: 0,
    };
    for (const late of [
      { kind: "succeed", ...key },
      { kind: "fail", ...key, error, retryable: false },
      { kind: "succeed", generation: 1, attempt: 2 },
    ] as const) {
      expect(moveDelivery(second, late, context)).toEqual({ kind: "refused", reason: "stale-attempt" });
    }
  });
});

test("a replay opens a new generation with attempts of its own", () => {
  expect(moveDelivery(examples.dead, { kind: "replay" }, context)).toEqual({
    kind: "moved",
    delivery: { status: "pending", generation: 1, attempt: 0 },
  });
});

test("no command changes the delivery that it is given", () => {
  fc.assert(
    fc.property(fc.constantFrom(...DELIVERY_STATUSES), fc.constantFrom(...commands), (status, command) => {
      const before = structuredClone(examples[status]);
      moveDelivery(examples[status], command, context);
      expect(examples[status]).toEqual(before);
    }),
  );
});
