import { describe, expect, it, vi } from "vitest";
import { judge } from "./judge-flows.ts";
import { answers, directs, listens, reacts, type Step, stepAt } from "./testing/behaviours.ts";
import { type System, simulateFlows } from "./testing/simulate-flow.ts";
import { summarizeAll } from "./testing/summarize-all.ts";
import type { Evidence, EvidenceKind, Verdict } from "./verdict.ts";

// Simulating systems takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

function undoable(name: string, more: Partial<Step> = {}): Step {
  return stepAt(name, { undo: { command: `${name}.undo`, reply: `${name}.undone` }, ...more });
}

const payment = undoable("payment");
const inventory = undoable("inventory");
const mail = stepAt("mail");
const points = stepAt("points");
const shipping = stepAt("shipping", { refusal: "shipping.refused" });
const gift = stepAt("gift");

function ordersUnder(stages: (random: () => number) => Step[][], steps: Step[]): System {
  return {
    start: { service: "shop", type: "order.placed" },
    services: {
      mediator: directs({ start: "order.placed", stages, steps, end: "order.fulfilled" }),
      ...Object.fromEntries(
        steps.map((step) => [step.command.split(".")[0], answers([step], { refusalRate: 0.2 })]),
      ),
    },
  };
}

const orders = ordersUnder(
  () => [[payment], [inventory], [mail, points], [shipping]],
  [payment, inventory, mail, points, shipping],
);

const shop: System = {
  start: { service: "shop", type: "order.placed" },
  services: {
    inventory: reacts({ "order.placed": ["inventory.updated"] }),
    mail: listens("order.placed"),
    shipping: reacts({ "inventory.updated": ["order.shipped"] }),
    customs: reacts({ "order.shipped": ["order.cleared"] }),
  },
};

function judged(system: System, count = 60) {
  return judge(summarizeAll(simulateFlows(system, count, 11)));
}

function drawStages(system: System): string[] {
  const { mediations } = judged(system);
  return mediations.flatMap(({ stages }) =>
    stages.map(
      ({ relation, steps }) =>
        `${relation}: ${steps.map(({ command, isCompensation }) => `${command}${isCompensation ? " (back)" : ""}`).sort()}`,
    ),
  );
}

function fill(verdict: Verdict, count: number): Verdict[] {
  return Array.from({ length: count }, () => verdict);
}

function evidenceOf(evidence: readonly Evidence[], kind: EvidenceKind): Evidence | undefined {
  return evidence.find((one) => one.kind === kind);
}

describe("a mediation", () => {
  it("shows the steps in order, those side by side together, and what takes steps back behind them", () => {
    expect(drawStages(orders)).toEqual([
      "single: payment.do",
      "single: inventory.do",
      "parallel: mail.do,points.do",
      "single: shipping.do",
      "single: inventory.undo (back)",
      "single: payment.undo (back)",
    ]);
  });

  it("shows steps of which a flow has the one or the other as alternatives", () => {
    const branching = ordersUnder(
      (random) => [[payment], random() < 0.5 ? [mail] : [points], [gift]],
      [payment, mail, points, gift],
    );
    expect(drawStages(branching)).toEqual([
      "single: payment.do",
      "alternative: mail.do,points.do",
      "single: gift.do",
    ]);
  });

  it("does not take the second half of a two-phase payment for taking the first one back", () => {
    const authorize = { command: "payment.authorize", reply: "payment.authorized" };
    const capture = { command: "payment.capture", reply: "payment.captured" };
    const twoPhased: System = {
      ...shop,
      services: {
        mediator: directs({
          start: "order.placed",
          stages: () => [[authorize], [shipping], [capture]],
          steps: [authorize, shipping, capture],
        }),
        payment: answers([authorize, capture]),
        shipping: answers([shipping], { refusalRate: 0.2 }),
      },
    };
    expect(drawStages(twoPhased)).toEqual([
      "single: payment.authorize",
      "single: shipping.do",
      "single: payment.capture",
    ]);
  });

  it("gives the answers of a step and the time until they came", () => {
    const step = judged(orders)
      .mediations[0]?.stages.flatMap(({ steps }) => steps)
      .find(({ command }) => command === "shipping.do");
    expect(step?.replies).toEqual(["shipping.done", "shipping.refused"]);
    expect(step?.p50Ms).toBeGreaterThan(1);
    expect(step?.p95Ms).toBeLessThan(200);
    expect(step?.p95Ms).toBeGreaterThanOrEqual(step?.p50Ms ?? Number.POSITIVE_INFINITY);
  });
});

describe("evidence", () => {
  it("names a mediator and whom it commands, with how much was answered", () => {
    const { evidence } = judged(orders);
    const commands = evidenceOf(evidence, "commands-and-waits");
    expect(commands?.speaksFor).toBe("mediator");
    expect(commands?.nodes[0]).toBe("mediator");
    expect(commands?.nodes.slice(1).sort()).toEqual(["inventory", "mail", "payment", "points", "shipping"]);
    expect(commands?.numbers).toMatchObject({ services: 5, flows: 60 });
    expect(commands?.numbers.commands).toBe(commands?.numbers.answered);
    expect(evidenceOf(evidence, "fixed-order")?.numbers.agreement).toBe(1);
    expect(evidenceOf(evidence, "parallel-steps")?.nodes.slice(1).sort()).toEqual(["mail", "points"]);
  });

  it("names those that react on their own, what fans out, and how deep it goes", () => {
    const { evidence } = judged(shop);
    expect(evidenceOf(evidence, "reacts-on-its-own")?.numbers).toEqual({
      services: 4,
      reactions: 240,
      flows: 60,
    });
    expect(evidenceOf(evidence, "fan-out")?.nodes.toSorted()).toEqual(["inventory", "mail", "shop"]);
    expect(evidenceOf(evidence, "depth")).toMatchObject({
      speaksFor: "broker",
      numbers: { median: 3, deepest: 3 },
    });
    expect(evidenceOf(evidence, "commands-and-waits")).toBeUndefined();
  });

  it("says that a mediator takes its steps in any order, and that this makes the verdict less sure", () => {
    const inOrder = ordersUnder(() => [[mail], [points], [gift]], [mail, points, gift]);
    const inAnyOrder = ordersUnder(
      (random) => (random() < 0.5 ? [[mail], [points], [gift]] : [[gift], [points], [mail]]),
      [mail, points, gift],
    );
    expect(evidenceOf(judged(inAnyOrder).evidence, "free-order")?.numbers.agreement).toBeLessThan(0.5);
    expect(judged(inAnyOrder).verdict).toBe("mediator");
    expect(judged(inAnyOrder).confidence).toBeLessThan(judged(inOrder).confidence);
  });

  it("names a router, how often it decided, and whom it gives work to", () => {
    const ways = ["push", "sms", "mail", "chat"];
    const { verdict, evidence } = judged({
      start: { service: "accounts", type: "user.registered" },
      services: {
        router: () => ({
          "user.registered": ({ random }) => [`${ways[Math.floor(random() * ways.length)]}.send`],
        }),
        ...Object.fromEntries(ways.map((way) => [way, reacts({ [`${way}.send`]: ["notice.sent"] })])),
      },
    });
    expect(verdict).toBe("mixed");
    const directs = evidenceOf(evidence, "directs-without-waiting");
    expect(directs?.numbers).toEqual({ services: 4, commands: 60, flows: 60 });
    expect(directs?.nodes[0]).toBe("router");
    expect(evidenceOf(evidence, "reacts-on-its-own")).toBeUndefined();
  });

  it("says what is missing for a verdict", () => {
    const { verdict, confidence, evidence } = judged(orders, 3);
    expect({ verdict, confidence }).toEqual({ verdict: "too-little-evidence", confidence: 0 });
    expect(evidenceOf(evidence, "few-flows")?.numbers).toEqual({ flows: 3, needed: 5 });
  });
});

describe("confidence", () => {
  it("is lowest at the borders, where one service more or less makes the difference", () => {
    const byShare = Array.from({ length: 11 }, (_, free) => {
      const steps = Array.from({ length: 10 - free }, (_unused, index) => stepAt(`w${index}`));
      const system = ordersUnder(() => steps.map((step) => [step]), steps);
      for (let index = 0; index < free; index += 1) {
        system.services[`free-${index}`] = reacts({ "order.placed": [`free-${index}.done`] });
      }
      return judged(system);
    });
    const verdicts = byShare.map(({ verdict }) => verdict);
    // At nine, the mediator has one service left, and nobody can tell who leads: neither counts.
    expect(verdicts).toEqual([...fill("mediator", 4), ...fill("mixed", 3), ...fill("broker", 4)]);
    const [at30, at20, at50] = [byShare[3], byShare[2], byShare[5]].map((one) => one?.confidence ?? 0);
    expect(at30).toBeLessThan(0.5);
    expect(at20).toBeGreaterThan(0.6);
    expect(at50).toBeGreaterThan(0.9);
  });

  it("grows with the number of flows", () => {
    const by = [5, 10, 20, 200].map((count) => judged(shop, count).confidence);
    expect(by).toEqual(by.toSorted((a, b) => a - b));
    expect(by[0]).toBeLessThan(0.97);
    expect(by.at(-1)).toBeGreaterThan(0.99);
  });
});
