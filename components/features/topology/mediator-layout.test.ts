import { describe, expect, test } from "vitest";
import type { MediationDto } from "#server/contract/topology.ts";
import { arrangeAroundMediators, isStepEdge } from "./mediator-layout.ts";
import { NODE_HEIGHT, NODE_WIDTH } from "./placement.ts";
import { toScene } from "./scene.ts";
import { mediatedStep, observedEdge, observedNode } from "./testing/observed.ts";

const MEDIATOR = "service:mediator";
const mediation: MediationDto = {
  node: MEDIATOR,
  stages: [
    { relation: "single", steps: [mediatedStep("service:payment", "payment.charge")] },
    {
      relation: "parallel",
      steps: [mediatedStep("service:mail", "mail.send"), mediatedStep("service:points", "points.credit")],
    },
    { relation: "single", steps: [mediatedStep("service:shipping", "shipping.ship")] },
    { relation: "single", steps: [mediatedStep("service:payment", "payment.refund", true)] },
  ],
};
const scene = toScene({
  nodes: [
    observedNode(MEDIATOR, { kind: "mediator" }),
    ...["payment", "mail", "points", "shipping", "shop", "audit"].map((name) =>
      observedNode(`service:${name}`),
    ),
    observedNode("channel:payment"),
    observedNode("channel:orders"),
  ],
  edges: [
    observedEdge("service:shop", "channel:orders"),
    observedEdge("channel:orders", MEDIATOR),
    observedEdge("channel:orders", "service:audit"),
    observedEdge(MEDIATOR, "channel:payment"),
    observedEdge("channel:payment", "service:payment"),
    observedEdge(MEDIATOR, "service:payment", {
      kind: "commands",
      count: 80,
      perSecond: 2,
      types: [
        { type: "payment.charge", count: 60 },
        { type: "payment.refund", count: 20 },
      ],
    }),
    observedEdge("service:payment", MEDIATOR, { kind: "replies" }),
  ],
});
const arranged = arrangeAroundMediators(scene, [mediation]);
const placeOf = (id: string) => arranged.places.get(id) ?? { x: Number.NaN, y: Number.NaN };

describe("A mediator with its steps", () => {
  test("stands in the middle of them", () => {
    const steps = ["payment", "mail", "points", "shipping"].map((name) => placeOf(`service:${name}`));
    const mean = (of: "x" | "y") => steps.reduce((sum, place) => sum + place[of], 0) / steps.length;
    expect(mean("x")).toBeCloseTo(placeOf(MEDIATOR).x);
    expect(mean("y")).toBeCloseTo(placeOf(MEDIATOR).y);
  });

  test("has them clockwise in their order, from the top", () => {
    const middle = placeOf(MEDIATOR);
    const angles = ["payment", "mail", "points", "shipping"].map((name) => {
      const { x, y } = placeOf(`service:${name}`);
      return (Math.atan2(y - middle.y, x - middle.x) + Math.PI * 2.5) % (Math.PI * 2);
    });
    expect(angles).toEqual(angles.toSorted((one, other) => one - other));
    expect(angles[0]).toBeCloseTo(0);
  });

  test("numbers steps, those of one stage alike, and marks what is taken back", () => {
    const steps = arranged.edges.filter(isStepEdge).map(({ step }) => `${step.order} ${step.command}`);
    expect(steps).toEqual([
      "1 payment.charge",
      "2a mail.send",
      "2b points.credit",
      "3 shipping.ship",
      "↩ payment.refund",
    ]);
  });

  test("shares what was observed between two commands to one service", () => {
    const steps = arranged.edges.filter(isStepEdge);
    const charge = steps.find(({ step }) => step.command === "payment.charge");
    expect(charge?.traffic).toMatchObject({ count: 60, perSecond: 1.5, p50Ms: 12 });
  });

  test("leaves out channels that carry only commands and replies, and keeps the others", () => {
    const ids = arranged.nodes.map(({ id }) => id);
    expect(ids).not.toContain("channel:payment");
    expect(ids).toContain("channel:orders");
  });

  test("has what leads to it on the left", () => {
    const left = Math.min(
      ...["payment", "mail", "points", "shipping"].map((name) => placeOf(`service:${name}`).x),
    );
    expect(placeOf("channel:orders").x).toBeLessThan(left);
    expect(placeOf("service:shop").x).toBeLessThan(placeOf("channel:orders").x);
  });

  test("gives every node a place, and no two the same", () => {
    const all = arranged.nodes.map(({ id }) => placeOf(id));
    const overlapping = all.filter((one, index) =>
      all
        .slice(index + 1)
        .some((other) => Math.abs(one.x - other.x) < NODE_WIDTH && Math.abs(one.y - other.y) < NODE_HEIGHT),
    );
    expect(overlapping).toEqual([]);
  });

  test("that was not seen in this window is no circle", () => {
    const gone = arrangeAroundMediators(scene, [{ ...mediation, node: "service:gone" }]);
    expect(gone.edges.some(isStepEdge)).toBe(false);
  });
});
