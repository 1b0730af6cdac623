import { describe, expect, test } from "vitest";
import type { ActionPreview } from "./preview-action.ts";
import { nextDeadline } from "./state.ts";
import {
  at,
  BESIDE,
  cancel,
  compensate,
  previewOf,
  REFUSED,
  RESERVED,
  retry,
  skip,
  WHY,
} from "./testing/acting.ts";
import type { Trial } from "./testing/trial.ts";

const last = (trial: Trial) => trial.sent.at(-1);
const warned = ({ warnings }: ActionPreview) => warnings.map(({ code, step }) => `${step}: ${code}`);

describe("Retrying", () => {
  test("sends the command of a step that waits again, under the same idempotency key", () => {
    const trial = at({});
    const preview = previewOf(trial.act(retry()));
    expect(trial.sent.map(({ id }) => id)).toEqual(["p1/inventory/do/1", "p1/inventory/do/2"]);
    expect(new Set(trial.sent.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(preview.commands).toMatchObject([{ type: "inventory.reserve", timeoutMs: 1_000, retriesLeft: 1 }]);
    expect(warned(preview)).toEqual(["inventory: may-be-done"]);
    expect(trial.kinds.slice(-2)).toEqual(["inventory: step.retried", "inventory: step.commanded"]);
    trial.reply(trial.sent[0] ?? null, "inventory.reserved", { reservationId: "r-1" });
    expect(trial.state.steps.inventory?.status).toBe("completed");
  });

  test("gives the step all the attempts of its policy once more", () => {
    const trial = at({});
    trial.wait(1_000);
    trial.act(retry());
    trial.wait(1_000);
    expect(trial.state.steps.inventory?.status).toBe("retrying");
    trial.wait(100);
    trial.wait(1_000);
    expect(trial.sent.map(({ id }) => id).slice(-2)).toEqual(["p1/inventory/do/3", "p1/inventory/undo/1"]);
    expect(trial.state.status).toBe("compensating");
  });

  test("takes another idempotency key when asked for one, and then doubts a refusal", () => {
    const trial = at({});
    expect(warned(previewOf(trial.act(retry(null, true))))).toContain("inventory: new-key");
    const [first, second] = trial.sent;
    expect(second?.idempotencyKey).not.toBe(first?.idempotencyKey);
    trial.wait(1_000);
    trial.wait(100);
    expect(last(trial)?.idempotencyKey).toBe(second?.idempotencyKey);
    trial.reply(last(trial) ?? null, "inventory.refused");
    expect(last(trial)?.type).toBe("inventory.release");
  });

  test("overrules a refusal, which does not count again when it is told twice", () => {
    const trial = at({ ...BESIDE, "shipping.ship": "shipping.refused" }, { onStepFailure: "wait" });
    expect(trial.state).toMatchObject({ status: "running", failure: { step: "shipping" } });
    const refused = last(trial) ?? null;
    const preview = previewOf(trial.act(retry()));
    expect(warned(preview)).toEqual([]);
    expect(preview.changes).toEqual([{ step: "shipping", from: "failed", to: "waiting" }]);
    trial.reply(refused, "shipping.refused");
    expect(trial.state).toMatchObject({ failure: null, steps: { shipping: { status: "waiting" } } });
    trial.reply(last(trial) ?? null, "shipping.shipped");
    expect(trial.state.status).toBe("completed");
  });

  test("of a failure beside another step lets the process go on after both", () => {
    const trial = at({ ...RESERVED, "points.add": "points.refused" });
    trial.act(retry("points"));
    trial.reply(last(trial) ?? null, "points.added");
    trial.reply(trial.sent.find(({ type }) => type === "mail.send") ?? null, "mail.sent");
    expect(last(trial)?.type).toBe("shipping.ship");
  });

  test("leaves the failure of another step standing", () => {
    const trial = at(
      { ...RESERVED, "points.add": "points.refused" },
      {
        onStepFailure: "wait",
        mail: { timeoutMs: 10, retry: { retries: 0, baseMs: 1, factor: 1, capMs: 1, jitter: "none" } },
      },
    );
    trial.wait(10);
    expect(trial.act(retry())).toMatchObject({ refusal: "step-needed", steps: ["mail", "points"] });
    trial.act(retry("points"));
    expect(trial.state.failure).toMatchObject({ step: "mail" });
    trial.reply(last(trial) ?? null, "points.added");
    expect(last(trial)?.type).toBe("points.add");
  });

  test("sends a compensation again that is stuck", () => {
    const trial = at(
      { ...REFUSED, "points.take": "points.taken", "inventory.release": "inventory.release-refused" },
      { onCompensationFailure: "wait" },
    );
    const preview = previewOf(trial.act(retry()));
    expect(preview).toMatchObject({
      to: "compensating",
      compensations: [{ step: "inventory", command: "inventory.release" }],
    });
    trial.reply(last(trial) ?? null, "inventory.released");
    expect(trial.state.status).toBe("compensated");
  });
});

describe("Skipping", () => {
  test("goes on as if the step was answered, and gives the reply to what comes later", () => {
    const trial = at({});
    const preview = previewOf(trial.act(skip("inventory", { reservationId: "by-phone" })));
    expect(preview.replyReaders).toEqual([
      { kind: "compensation", name: "inventory", isNeeded: false },
      { kind: "step", name: "shipping", isNeeded: true },
    ]);
    expect(preview.commands.map(({ type }) => type)).toEqual(["mail.send", "points.add"]);
    expect(warned(preview)).toEqual(["inventory: reply-ignored", "inventory: taken-back-later"]);
    expect(trial.transitionsOf("inventory").at(-1)).toMatchObject({ kind: "step.skipped", detail: WHY });
    trial.reply(trial.sent[0] ?? null, "inventory.reserved", { reservationId: "late" });
    trial.serve({ "inventory.reserve": null });
    expect(trial.sent.find(({ type }) => type === "shipping.ship")?.data).toMatchObject({
      reservationId: "by-phone",
    });
    expect(trial.state.status).toBe("completed");
  });

  test("needs the reply that a later command can't be made without, as the message declares it", () => {
    const trial = at({});
    expect(trial.act(skip())).toMatchObject({ refusal: "reply-needed", detail: "shipping" });
    expect(trial.act(skip(null, { reservationId: 7 }))).toMatchObject({ refusal: "reply-invalid" });
    expect(trial.kinds.at(-1)).toBe("inventory: step.commanded");
  });

  test("needs no reply that nobody reads", () => {
    const trial = at(RESERVED);
    trial.act(skip("mail"));
    trial.reply(last(trial) ?? null, "points.added");
    expect(last(trial)?.type).toBe("shipping.ship");
  });

  test("has a step taken back later that may have been done, and one that was refused not", () => {
    const unanswered = at(RESERVED);
    unanswered.act(skip("points"));
    const refused = at({ ...RESERVED, "points.add": "points.refused" });
    expect(warned(previewOf(refused.act(skip("points"))))).toEqual([]);
    for (const trial of [unanswered, refused]) {
      trial.reply(trial.sent.find(({ type }) => type === "mail.send") ?? null, "mail.sent");
      trial.reply(last(trial) ?? null, "shipping.refused");
    }
    expect(last(unanswered)?.type).toBe("points.take");
    expect(last(refused)?.type).toBe("inventory.release");
  });

  test("counts a compensation as done, and reads no reply to one", () => {
    const trial = at(REFUSED);
    expect(trial.act(skip("points", { any: 1 }))).toMatchObject({ refusal: "reply-unread" });
    const preview = previewOf(trial.act(skip("points")));
    expect(preview.compensations).toEqual([{ step: "inventory", command: "inventory.release" }]);
    expect(trial.state.steps.points?.status).toBe("compensated");
  });
});

describe("Compensating from here", () => {
  test("takes back what may have been done first, then what was done, the last first", () => {
    const trial = at({ ...RESERVED, "mail.send": "mail.sent" });
    const preview = previewOf(trial.act(compensate));
    expect(preview).toMatchObject({
      to: "compensating",
      compensations: [
        { step: "points", command: "points.take" },
        { step: "inventory", command: "inventory.release" },
      ],
      staysDone: [{ step: "mail", isCertain: true }],
      says: null,
    });
    expect(warned(preview)).toEqual(["points: reply-ignored", "points: may-overtake"]);
    trial.serve({ "inventory.reserve": null, "mail.send": null, "points.add": null });
    expect(trial.state).toMatchObject({ status: "compensated", failure: { step: "points", reason: WHY } });
    expect(trial.sent.slice(-2).map(({ type }) => type)).toEqual(["points.take", "inventory.release"]);
  });

  test("decides what to do about a step that was refused", () => {
    const trial = at(REFUSED, { onStepFailure: "wait" });
    const preview = previewOf(trial.act(compensate));
    expect(preview.compensations.map(({ step }) => step)).toEqual(["points", "inventory"]);
    expect(warned(preview)).toEqual([]);
    expect(trial.kinds.slice(-3)).toEqual([
      "process.called-off",
      "process.compensating",
      "points: step.compensating",
    ]);
  });
});

describe("Cancelling", () => {
  test("ends a run at once, sends nothing, and says what stays done", () => {
    const trial = at({ ...RESERVED, "mail.send": "mail.sent" });
    const before = trial.sent.length;
    const preview = previewOf(trial.act(cancel));
    expect(preview).toMatchObject({
      to: "cancelled",
      commands: [],
      compensations: [],
      staysDone: [
        { step: "inventory", isCertain: true },
        { step: "mail", isCertain: true },
        { step: "points", isCertain: false },
      ],
    });
    trial.reply(trial.sent.at(-1) ?? null, "points.added");
    trial.wait(1_000_000);
    expect(trial.sent).toHaveLength(before);
    expect(trial.state).toMatchObject({ status: "cancelled", steps: { points: { status: "given-up" } } });
    expect(nextDeadline(trial.state)).toBeNull();
  });

  test("leaves half taken back what was begun to be", () => {
    const trial = at(REFUSED);
    const preview = previewOf(trial.act(cancel));
    expect(warned(preview)).toEqual(["points: half-taken-back"]);
    expect(preview.staysDone).toEqual([
      { step: "inventory", isCertain: true },
      { step: "mail", isCertain: true },
      { step: "points", isCertain: false },
    ]);
    trial.resolve("points", "retry");
    expect(trial.state.status).toBe("cancelled");
  });

  test("tells of the end as a failure does, unless the process has a word of its own for it", () => {
    for (const [endings, says] of [
      [{ failed: "order.failed" }, "order.failed"],
      [{ failed: "order.failed", cancelled: "order.called-off" }, "order.called-off"],
      [{}, null],
    ] as const) {
      const trial = at({}, { endings });
      expect(previewOf(trial.act(cancel)).says).toBe(says);
    }
  });
});
