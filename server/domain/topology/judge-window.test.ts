import { describe, expect, it, vi } from "vitest";
import { flowTypeId, readFlowTypeId } from "./flow-key.ts";
import { judgeWindow, type KeyedSummary } from "./judge-window.ts";
import type { ObservedFlow } from "./observed-flow.ts";
import { summarizeFlow } from "./summarize-flow.ts";
import { answers, directs, listens, reacts, stepAt } from "./testing/behaviours.ts";
import { type System, simulateFlows } from "./testing/simulate-flow.ts";

// Simulating systems takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const steps = [stepAt("payment", { refusal: "payment.refused" }), stepAt("inventory"), stepAt("shipping")];

function mediated(service: string, refusalRate = 0): System {
  return {
    start: { service, type: "order.placed" },
    services: {
      mediator: directs({
        start: "order.placed",
        stages: () => steps.map((step) => [step]),
        steps,
        end: "order.done",
      }),
      ...Object.fromEntries(
        steps.map((step) => [step.command.split(".")[0], answers([step], { refusalRate })]),
      ),
    },
  };
}

function brokered(service: string): System {
  return {
    start: { service, type: "order.placed" },
    services: {
      stock: reacts({ "order.placed": ["stock.taken"] }),
      mail: listens("order.placed"),
      parcels: reacts({ "stock.taken": ["parcel.left"] }),
    },
  };
}

function keyed(flows: readonly ObservedFlow[]): KeyedSummary[] {
  return flows.flatMap((flow) => {
    const found = summarizeFlow(flow);
    return found === null ? [] : [{ ...found.key, summary: found.summary }];
  });
}

describe("a window", () => {
  it("is what all its flow types are", () => {
    const { whole, flowTypes } = judgeWindow(
      keyed([...simulateFlows(brokered("shop"), 30, 1), ...simulateFlows(brokered("market"), 20, 2)]),
    );
    expect(whole).toMatchObject({ verdict: "broker", flows: 50 });
    expect(flowTypes.map(({ startedBy, judgement }) => [startedBy, judgement.flows])).toEqual([
      ["shop", 30],
      ["market", 20],
    ]);
  });

  it("is mixed where a broker runs one flow type and a mediator another, whichever has more flows", () => {
    const { whole, flowTypes } = judgeWindow(
      keyed([...simulateFlows(brokered("shop"), 90, 1), ...simulateFlows(mediated("market"), 15, 2)]),
    );
    expect(whole.verdict).toBe("mixed");
    expect(whole.confidence).toBe(Math.min(...flowTypes.map(({ judgement }) => judgement.confidence)));
    expect(new Set(whole.evidence.map(({ speaksFor }) => speaksFor))).toContain("mediator");
  });

  it("does not count what hardly ever runs", () => {
    const { whole } = judgeWindow(
      keyed([...simulateFlows(brokered("shop"), 195, 1), ...simulateFlows(mediated("market"), 5, 2)]),
    );
    expect(whole.verdict).toBe("broker");
  });

  it("tells apart what begins alike and runs in two ways", () => {
    const { flowTypes } = judgeWindow(
      keyed([...simulateFlows(brokered("shop"), 30, 1), ...simulateFlows(mediated("shop"), 20, 2)]),
    );
    expect(
      flowTypes.map(({ id, way, judgement }) => [readFlowTypeId(id)?.way, way, judgement.verdict]),
    ).toEqual([
      ["reacting", "reacting", "broker"],
      ["directed", "directed", "mediator"],
    ]);
  });

  it("keeps flows that broke off with those that begin alike", () => {
    const flows = simulateFlows({ ...mediated("shop"), lossRate: 0.15 }, 60, 3);
    const ways = new Set(keyed(flows).map(({ way }) => way));
    expect([...ways].sort()).toEqual(["directed", "reacting"]);
    const { flowTypes } = judgeWindow(keyed(flows));
    expect(flowTypes).toHaveLength(1);
    expect(flowTypes[0]).toMatchObject({ way: "directed", judgement: { verdict: "mediator", flows: 60 } });
  });

  it("without flows is too little evidence", () => {
    expect(judgeWindow([])).toMatchObject({ whole: { verdict: "too-little-evidence" }, flowTypes: [] });
  });
});

describe("the id of a flow type", () => {
  it("says of which flows it speaks", () => {
    const key = { type: 'a"b', startedBy: "service:ü/x" };
    expect(readFlowTypeId(flowTypeId(key))).toEqual({ ...key, way: null });
    expect(readFlowTypeId(flowTypeId(key, "directed"))).toEqual({ ...key, way: "directed" });
  });

  it("is refused where it is none", () => {
    for (const text of [
      "",
      "{",
      "[]",
      '["a"]',
      '["a","b","sideways"]',
      '["a","b","directed","c"]',
      "[1,2]",
    ]) {
      expect(readFlowTypeId(text)).toBeNull();
    }
  });
});
