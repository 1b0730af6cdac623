import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawProcess } from "./graph.ts";
import { nextDeadline } from "./state.ts";
import { orderProcess } from "./testing/order-process.ts";
import { REPLIES, Trial } from "./testing/trial.ts";

const types = (trial: Trial) => trial.sent.map(({ type }) => type);

describe("A process", () => {
  test("runs in sequence, side by side, by its choices, and completes", () => {
    const trial = new Trial();
    expect(types(trial)).toEqual(["inventory.reserve"]);
    trial.reply(trial.sent[0] ?? null, "inventory.reserved", { reservationId: "r-7" });
    expect(types(trial).slice(1)).toEqual(["mail.send", "points.add"]);
    trial.reply(trial.sent[2] ?? null, "points.added");
    expect(trial.sent).toHaveLength(3);
    trial.reply(trial.sent[1] ?? null, "mail.sent");
    expect(trial.sent.at(-1)).toMatchObject({
      type: "shipping.ship",
      data: { orderId: "o-1", reservationId: "r-7" },
    });
    trial.reply(trial.sent.at(-1) ?? null, "shipping.shipped");
    expect(trial.state.status).toBe("completed");
    expect(nextDeadline(trial.state)).toBeNull();
  });

  test("takes the other way of a choice", () => {
    const trial = new Trial({ express: true });
    trial.serve();
    expect(types(trial)).toContain("courier.book");
    expect(trial.state).toMatchObject({ status: "completed", choices: { express: true } });
  });

  test("takes back what was done, the last first, when a step is refused", () => {
    const trial = new Trial();
    trial.serve({ "shipping.ship": "shipping.refused" });
    expect(types(trial).slice(-2)).toEqual(["points.take", "inventory.release"]);
    expect(trial.sent.at(-1)?.data).toEqual({ reservationId: "r-1" });
    expect(trial.state).toMatchObject({ status: "compensated", failure: { step: "shipping" } });
  });

  test("fails when there is nothing to take back", () => {
    const trial = new Trial();
    trial.serve({ "inventory.reserve": "inventory.refused" });
    expect(trial.state.status).toBe("failed");
    expect(trial.sent).toHaveLength(1);
  });

  test("waits for what runs beside a failure before it takes anything back", () => {
    const trial = new Trial();
    trial.reply(trial.sent[0] ?? null, "inventory.reserved", { reservationId: "r-1" });
    trial.wait(1_000);
    trial.wait(100);
    trial.wait(999);
    trial.reply(trial.sent.find(({ type }) => type === "points.add") ?? null, "points.refused");
    expect(trial.state.status).toBe("running");
    expect(types(trial)).not.toContain("inventory.release");
    trial.wait(1);
    expect(trial.state.status).toBe("compensating");
    expect(types(trial).at(-1)).toBe("inventory.release");
  });

  test("sends a command again that got no reply, under a new id, and takes the answer to either", () => {
    const trial = new Trial();
    trial.wait(999);
    expect(trial.sent).toHaveLength(1);
    trial.wait(1);
    expect(trial.state.steps.inventory?.status).toBe("retrying");
    trial.wait(100);
    expect(trial.sent.map(({ id }) => id)).toEqual(["p1/inventory/do/1", "p1/inventory/do/2"]);
    trial.reply(trial.sent[0] ?? null, "inventory.reserved", { reservationId: "late" });
    expect(trial.state.steps.inventory).toMatchObject({
      status: "completed",
      result: { reservationId: "late" },
    });
  });

  test("takes back a step that never answered, since it may have been done", () => {
    const trial = new Trial();
    trial.wait(1_000);
    trial.wait(100);
    trial.wait(1_000);
    expect(types(trial).at(-1)).toBe("inventory.release");
    trial.reply(null, "inventory.reserved", { reservationId: "too-late" });
    expect(trial.state.status).toBe("compensating");
    trial.serve({ "inventory.reserve": null });
    expect(trial.state.status).toBe("compensated");
  });

  test("goes on trying a compensation that fails, or waits for a person, as its policy says", () => {
    const patient = new Trial();
    patient.serve({ "shipping.ship": "shipping.refused", "inventory.release": "inventory.release-refused" });
    expect(patient.state.steps.inventory?.status).toBe("compensation-retrying");
    expect(patient.kinds).toContain("inventory: step.compensation-failed");
    patient.wait(1_000);
    expect(patient.sent.at(-1)).toMatchObject({ type: "inventory.release", attempt: 2 });

    for (const decision of ["retry", "done"] as const) {
      const waiting = new Trial({}, { onCompensationFailure: "wait" });
      waiting.serve({
        "shipping.ship": "shipping.refused",
        "inventory.release": "inventory.release-refused",
      });
      expect(waiting.state.steps.inventory?.status).toBe("stuck");
      waiting.wait(1_000_000);
      expect(waiting.state.steps.inventory?.status).toBe("stuck");
      waiting.resolve("inventory", decision);
      if (decision === "retry") waiting.reply(waiting.sent.at(-1) ?? null, "inventory.released");
      expect(waiting.state.status).toBe("compensated");
    }
  });

  test("ends the same however often, and in whatever order, its replies come", () => {
    const refusals: Record<string, string> = {
      "shipping.ship": "shipping.refused",
      "points.add": "points.refused",
    };
    fc.assert(
      fc.property(fc.subarray(Object.keys(refusals)), fc.infiniteStream(fc.nat()), (refused, choose) => {
        const answers = Object.fromEntries(refused.map((type) => [type, refusals[type] ?? null]));
        const ordered = new Trial();
        ordered.serve(answers);
        const shuffled = new Trial();
        const isEnded = () => ["completed", "compensated", "failed"].includes(shuffled.state.status);
        for (let turn = 0; turn < 500 && !isEnded(); turn += 1) {
          const command = shuffled.sent[(choose.next().value ?? 0) % shuffled.sent.length];
          if (!command) continue;
          const answer = answers[command.type] ?? REPLIES[command.type]?.type ?? "";
          shuffled.reply(command, answer, REPLIES[command.type]?.data ?? {});
        }
        expect(shuffled.state.status).toBe(ordered.state.status);
        expect(types(shuffled).toSorted()).toEqual(types(ordered).toSorted());
        const after = structuredClone(shuffled.state);
        for (const command of shuffled.sent) shuffled.reply(command, REPLIES[command.type]?.type ?? "");
        expect(shuffled.state).toEqual(after);
      }),
    );
  });

  test("is drawn before it has run", () => {
    const { nodes, edges } = drawProcess(orderProcess());
    expect(nodes.map(({ id }) => id)).toEqual([
      "start",
      "step/inventory",
      "step/mail",
      "step/points",
      "choice/express",
      "step/courier",
      "step/shipping",
      "end",
    ]);
    expect(edges.filter(({ to }) => to === "choice/express").map(({ from }) => from)).toEqual([
      "step/mail",
      "step/points",
    ]);
    expect(edges).toContainEqual({ from: "choice/express", to: "step/shipping", label: "no" });
  });
});
