import { describe, expect, test } from "vitest";
import { readTrace } from "#server/domain/sagas/read-trace.ts";
import { BEGIN_US, FlowRecorder } from "#server/domain/sagas/testing/flow-recorder.ts";
import {
  eventOf,
  findLinked,
  formatSelection,
  parseSelection,
  type TraceSelection,
} from "./trace-selection.ts";

/** An order that two services hear of; the second one tries twice, and answers. */
function record({ isLater = false } = {}) {
  const recorder = new FlowRecorder();
  if (isLater) recorder.owe(recorder.emit("shop", { type: "cart.opened" }), "stock");
  recorder.nowUs = BEGIN_US + 10_000;
  const placed = recorder.emit("shop", { type: "order.placed" });
  recorder.attempt(placed, "stock").attempt(placed, "billing/eu", { outcome: "failed" }).wait(5);
  recorder.attempt(placed, "billing/eu");
  recorder.emit("billing/eu", { type: "bill.sent", cause: placed });
  return readTrace({ ...recorder.recorded, services: recorder.services });
}

const trace = record();
const all: TraceSelection[] = [
  ...[...trace.events.keys()].map((event) => ({ kind: "event", event }) as const),
  ...[...trace.messages.keys()].map((message) => ({ kind: "message", message }) as const),
  ...[...trace.steps.keys()].map((step) => ({ kind: "step", step }) as const),
  ...[...trace.spans.keys()].map((span) => ({ kind: "span", span }) as const),
];

describe("The selection in a trace", () => {
  test.each(all)("comes back from the address: %o", (selection) => {
    const text = formatSelection(trace, selection);
    expect(text).not.toBeNull();
    expect(parseSelection(trace, text ?? "")).toEqual(selection);
  });

  test("names different things differently", () => {
    const names = all.map((selection) => formatSelection(trace, selection));
    expect(new Set(names).size).toBe(all.length);
  });

  test("is the same thing after more was recorded before it", () => {
    const later = record({ isLater: true });
    for (const selection of all) {
      const found = parseSelection(later, formatSelection(trace, selection) ?? "");
      expect(found?.kind).toBe(selection.kind);
      if (found?.kind === "event" && selection.kind === "event") {
        expect(later.events[found.event]?.type).toBe(trace.events[selection.event]?.type);
        expect(found.event).not.toBe(selection.event);
      }
    }
  });

  test.each([
    "",
    "event",
    "event/1",
    "message/1/stock",
    "step/9/none",
    "span/x/y",
    "span/1/1/stock",
    "else/1",
  ])("is nothing where the address says %j", (text) => expect(parseSelection(trace, text)).toBeNull());

  test("brings what belongs to it", () => {
    const billed = trace.messages.findIndex(({ consumer }) => consumer === "billing/eu");
    const step = trace.steps.findIndex(({ messages }) => messages.includes(billed));
    const spans = [...trace.spans.keys()].filter((span) => trace.spans[span]?.message === billed);
    const linked = findLinked(trace, { kind: "step", step });
    expect([...linked.messages]).toEqual([billed]);
    expect([...linked.spans]).toEqual(spans);
    expect([...linked.events].map((event) => trace.events[event]?.type)).toEqual([
      "order.placed",
      "bill.sent",
    ]);
    const [first = -1] = spans;
    expect(findLinked(trace, { kind: "span", span: first })).toMatchObject({
      steps: new Set([step]),
      spans: new Set([first]),
    });
    const heard = findLinked(trace, { kind: "event", event: 0 });
    expect([heard.messages.size, heard.steps.size]).toEqual([2, 2]);
  });

  test("has an event that says most about it", () => {
    for (const selection of all) expect(eventOf(trace, selection)).not.toBeNull();
    expect(eventOf(trace, { kind: "step", step: 99 })).toBeNull();
  });
});
