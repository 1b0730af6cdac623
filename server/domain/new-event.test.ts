import { expect, test } from "vitest";
import { causedBy, completeEvent } from "./new-event.ts";

const defaults = { id: "1", time: "2025-11-22T10:00:00.000Z" };
const cause = completeEvent({ type: "order.placed", source: "/shop" }, { ...defaults, id: "cause" });

test("what is given counts, the rest is filled in", () => {
  const event = completeEvent({ type: "a", source: "/b", id: "own", subject: "s" }, defaults);
  expect(event).toMatchObject({ id: "own", time: defaults.time, type: "a", source: "/b", subject: "s" });
  expect(event.shape).toBe("internal");
});

test("an event that another one led to joins its flow", () => {
  expect(causedBy(cause, { type: "a", source: "/b" })).toMatchObject({
    correlationId: "cause",
    causationId: "cause",
  });
  const inFlow = { ...cause, correlationId: "flow" };
  expect(causedBy(inFlow, { type: "a", source: "/b" }).correlationId).toBe("flow");
  expect(causedBy(inFlow, { type: "a", source: "/b", correlationId: "other" }).correlationId).toBe("other");
});
