import { expect, test } from "vitest";
import { type Arrival, arrivalHref, groupArrivals } from "./arrivals.ts";

const type = (subject: string, at: string): Arrival => ({ kind: "new-type", subject, of: null, at });
const source = (subject: string, at: string): Arrival => ({ kind: "new-source", subject, of: null, at });

test("what a deployment brings is one group, its producer first; what comes later is another", () => {
  const groups = groupArrivals([
    type("late", "2026-01-31T10:05:00Z"),
    type("order.placed", "2026-01-31T10:00:00Z"),
    source("/shop", "2026-01-31T10:00:50Z"),
    type("order.paid", "2026-01-31T10:01:45Z"),
  ]);
  expect(groups.map((group) => group.map(({ subject }) => subject))).toEqual([
    ["/shop", "order.placed", "order.paid"],
    ["late"],
  ]);
});

test("the evidence is the first events of what is new, from a little before it was noticed", () => {
  const at = "2026-01-31T10:00:00Z";
  const from = "from=2026-01-31T09%3A59%3A00.000Z";
  expect(arrivalHref([source("/shop", at), type("a", at)])).toBe(`/events?source=%2Fshop&${from}`);
  const version: Arrival = { kind: "new-version", subject: "2", of: "a", at };
  expect(arrivalHref([version, type("b", at)])).toBe(`/events?type=a&type=b&${from}`);
});
