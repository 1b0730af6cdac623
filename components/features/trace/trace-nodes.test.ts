import { describe, expect, test } from "vitest";
import { toFlowRows } from "#components/event-detail/flow-rows.ts";
import { readTrace } from "#server/domain/sagas/read-trace.ts";
import { FlowRecorder } from "#server/domain/sagas/testing/flow-recorder.ts";
import { largeFlow } from "#server/domain/sagas/testing/large-flow.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";
import { findNodes, gapsByPosition, toFlowNodes, withCauses } from "./trace-nodes.ts";

/** placed -> (charged -> receipt, reserved); one mail whose cause was never recorded, one note without a causation id. */
function orderFlow(): Trace {
  const flow = new FlowRecorder();
  const placed = flow.emit("shop", { type: "order.placed" });
  const charged = flow.wait(5).emit("payment", { type: "payment.charged", cause: placed });
  flow.wait(5).emit("stock", { type: "stock.reserved", cause: placed, subject: "sku-7" });
  flow.wait(5).emit("payment", { type: "receipt.sent", cause: charged });
  flow.wait(5).emit("mail", { type: "mail.sent", causationId: "gone" });
  flow.wait(5).emit("mail", { type: "note.written" });
  return readTrace({ ...flow.recorded, services: flow.services });
}

function outline(trace: Trace, kept?: ReadonlySet<string>): string[] {
  return toFlowRows(toFlowNodes(trace), "recorded", ({ position }) => kept?.has(position) ?? true).map(
    ({ node, depth }) => `${"  ".repeat(depth)}${node.type}`,
  );
}

describe("The events of a trace", () => {
  test("stand depth first below what led to them", () => {
    expect(outline(orderFlow())).toEqual([
      "order.placed",
      "  payment.charged",
      "    receipt.sent",
      "  stock.reserved",
      "mail.sent",
      "note.written",
    ]);
  });

  test("are all there, however deep the chain", () => {
    for (const shape of ["chain", "fan", "orphans"] as const) {
      const trace = readTrace(largeFlow(shape, 3_000));
      const nodes = toFlowNodes(trace);
      expect(new Set(nodes.map(({ position }) => position)).size).toBe(3_000);
      expect(toFlowRows(nodes, "producer").every(({ guides }) => guides.length < 10)).toBe(true);
    }
  });

  test("are found by what they are about, with what led to them", () => {
    const trace = orderFlow();
    const found = findNodes(trace, " RECEIPT ");
    expect(found.size).toBe(1);
    expect(outline(trace, withCauses(toFlowNodes(trace), found))).toEqual([
      "order.placed",
      "  payment.charged",
      "    receipt.sent",
    ]);
    expect(outline(trace, findNodes(trace, "sku-7"))).toEqual(["  stock.reserved"]);
    expect(findNodes(trace, "nowhere").size).toBe(0);
  });

  test("say where it is not known what led to them, the gravest first", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed" });
    flow.wait(5).emit("shop", { type: "order.paid", cause: placed });
    flow.wait(5).emit("mail", { type: "mail.sent", causationId: "gone", aheadMs: 60_000 });
    const trace = readTrace({ ...flow.recorded, services: flow.services });
    const gaps = gapsByPosition(trace);
    expect(trace.gaps.filter(({ event }) => trace.events[event]?.type === "mail.sent")).toHaveLength(2);
    expect([...gaps].map(([position, { kind }]) => [typeOf(trace, position), kind])).toEqual([
      ["mail.sent", "cause-not-in-flow"],
    ]);
    expect(toFlowNodes(trace).filter(({ missingCause }) => missingCause)).toHaveLength(1);
  });
});

function typeOf({ events }: Trace, position: string): string | undefined {
  return events.find((event) => event.position === position)?.type;
}
