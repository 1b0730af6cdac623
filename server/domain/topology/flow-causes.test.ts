import { describe, expect, it } from "vitest";
import { findCauses } from "./flow-causes.ts";
import type { ObservedDelivery, ObservedEvent } from "./observed-flow.ts";

function event(service: string, at: number, more: Partial<ObservedEvent> = {}): ObservedEvent {
  return {
    position: String(at),
    type: `${service}.done`,
    service,
    kind: null,
    cause: null,
    isCauseMissing: false,
    at,
    ...more,
  };
}

function delivery(of: number, service: string, startedAt: number, endedAt: number | null): ObservedDelivery {
  return { event: of, service, startedAt, endedAt, outcome: "succeeded", attempts: 1 };
}

function causesOf(events: ObservedEvent[], deliveries: ObservedDelivery[] = []) {
  return findCauses({ correlationId: "flow", events, deliveries });
}

describe("causes", () => {
  it("are believed where they are named", () => {
    const found = causesOf([event("a", 1), event("b", 2, { cause: 0 })], [delivery(0, "b", 1, 3)]);
    expect(found).toEqual({ causes: [null, 0], inferred: 0, missing: 0 });
  });

  it("are what the service was handling when it emitted the event", () => {
    expect(causesOf([event("a", 1), event("b", 5)], [delivery(0, "b", 2, 8)])).toEqual({
      causes: [null, 0],
      inferred: 1,
      missing: 0,
    });
    expect(causesOf([event("a", 1), event("b", 5)], [delivery(0, "b", 2, null)]).causes).toEqual([null, 0]);
  });

  it("are not guessed where the service was handling two events, or none", () => {
    const two = causesOf(
      [event("a", 1), event("a", 2), event("b", 5)],
      [delivery(0, "b", 2, 8), delivery(1, "b", 3, 8)],
    );
    expect(two.causes[2]).toBeNull();
    expect(two.missing).toBe(1);
    expect(causesOf([event("a", 1), event("b", 9)], [delivery(0, "b", 2, 8)]).missing).toBe(1);
  });

  it("are missing where they lie outside the flow, but not where a service goes on by itself", () => {
    expect(causesOf([event("a", 1, { isCauseMissing: true })]).missing).toBe(1);
    expect(causesOf([event("a", 1), event("a", 60_000)]).missing).toBe(0);
  });
});
