import { describe, expect, it } from "vitest";
import { EMPTY_SUMMARY, mergeSummaries } from "./flow-summary.ts";
import { judge } from "./judge-flows.ts";
import type { ObservedFlow } from "./observed-flow.ts";
import { summarizeFlow } from "./summarize-flow.ts";
import { answers, collects, directs, listens, reacts, stepAt } from "./testing/behaviours.ts";
import { type System, simulateFlows } from "./testing/simulate-flow.ts";

const names = ["payment", "inventory", "mail", "shipping"];

const broker: System = {
  start: { service: "shop", type: "order.placed" },
  services: {
    inventory: reacts({ "order.placed": ["inventory.updated"] }),
    mail: listens("order.placed"),
    points: reacts({ "order.placed": ["points.credited"] }),
    shipping: reacts({ "inventory.updated": ["order.shipped"] }),
    archive: collects(["points.credited", "order.shipped"], "order.archived"),
  },
};

const mediated: System = {
  start: { service: "shop", type: "order.placed" },
  services: {
    mediator: directs({
      start: "order.placed",
      stages: () => [
        [stepAt("payment", { undo: { command: "payment.undo", reply: "payment.undone" } })],
        [stepAt("inventory", { undo: { command: "inventory.undo", reply: "inventory.undone" } })],
        [stepAt("mail"), stepAt("points")],
        [stepAt("shipping", { refusal: "shipping.refused" })],
      ],
      end: "order.fulfilled",
    }),
    ...Object.fromEntries(
      [...names, "points"].map((name) => [
        name,
        answers(
          [
            stepAt(name, {
              refusal: `${name}.refused`,
              undo: { command: `${name}.undo`, reply: `${name}.undone` },
            }),
          ],
          { refusalRate: name === "shipping" ? 0.2 : 0 },
        ),
      ]),
    ),
  },
};

describe("the verdict", () => {
  it("calls a broker a broker", () => {
    const found = judgeAll(simulateFlows(broker, 30, 1));
    expect(found.verdict).toBe("broker");
  });

  it("calls a mediator a mediator", () => {
    const found = judgeAll(simulateFlows(mediated, 60, 2));
    expect(found.verdict).toBe("mediator");
    const [mediation] = found.mediations;
    expect(mediation?.node).toBe("mediator");
    expect(
      mediation?.stages.map(({ relation, steps }) => [relation, ...steps.map((step) => step.command).sort()]),
    ).toEqual([
      ["single", "payment.do"],
      ["single", "inventory.do"],
      ["parallel", "mail.do", "points.do"],
      ["single", "shipping.do"],
      ["single", "inventory.undo"],
      ["single", "payment.undo"],
    ]);
    expect(mediation?.stages.map(({ steps }) => steps.every((step) => step.isCompensation))).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
  });
});

function judgeAll(flows: readonly ObservedFlow[]) {
  const summaries = flows.flatMap((flow) => summarizeFlow(flow)?.summary ?? []);
  return judge(summaries.reduce((a, b) => mergeSummaries(a, b), EMPTY_SUMMARY));
}
