import { describe, expect, it } from "vitest";
import { emissions, findingInput } from "../testing/finding-input.ts";
import { findFindings } from "./find-findings.ts";
import { findMissingCorrelation } from "./missing-correlation.ts";
import { findNobodyConsumes } from "./nobody-consumes.ts";

describe("an event that nobody consumes", () => {
  it("is found with where it goes and what proves it", () => {
    const found = findNobodyConsumes(
      findingInput({
        emissions: [emissions({ consumers: 0 }), emissions({ type: "order.shipped" })],
        edges: [
          { id: "shop->orders", from: "shop", to: "orders", types: ["order.placed"] },
          { id: "shop->parcels", from: "shop", to: "parcels", types: ["order.shipped"] },
        ],
      }),
    );
    expect(found).toMatchObject([
      {
        kind: "nobody-consumes",
        nodes: ["shop"],
        edges: ["shop->orders"],
        types: ["order.placed"],
        numbers: { events: 100 },
        positions: ["9", "8"],
      },
    ]);
  });

  it("is none that somebody consumes, or that was not emitted", () => {
    const input = findingInput({ emissions: [emissions(), emissions({ consumers: 0, events: 0 })] });
    expect(findNobodyConsumes(input)).toEqual([]);
  });
});

describe("missing correlation ids", () => {
  const find = (...some: Parameters<typeof emissions>[0][]) =>
    findMissingCorrelation(findingInput({ emissions: some.map(emissions) }));

  it("name the producer that drops them, and what it drops them from", () => {
    const found = find(
      { service: "stock", withoutCorrelation: 40, causedWithoutCorrelation: 30 },
      { service: "stock", type: "stock.counted", events: 100 },
      { service: "shop" },
    );
    expect(found).toMatchObject([
      {
        severity: "risk",
        nodes: ["stock"],
        types: ["order.placed"],
        numbers: { events: 200, without: 40, share: 0.2, droppedFrom: 30 },
        positions: ["9", "8"],
      },
    ]);
  });

  it("are no more than a note where nothing led to the events", () => {
    expect(find({ withoutCorrelation: 100 })).toMatchObject([{ severity: "note" }]);
  });

  it("are no finding as an exception", () => {
    expect(find({})).toEqual([]);
    expect(find({ withoutCorrelation: 4 })).toEqual([]);
    expect(find({ events: 1_000, withoutCorrelation: 20 })).toEqual([]);
  });
});

describe("findings", () => {
  it("are none where nothing is amiss, and come most harmful first", () => {
    expect(findFindings(findingInput({ emissions: [emissions()] }))).toEqual([]);
    const found = findFindings(
      findingInput({
        emissions: [emissions({ consumers: 0, withoutCorrelation: 50, causedWithoutCorrelation: 50 })],
      }),
    );
    expect(found.map(({ kind }) => kind)).toEqual(["missing-correlation", "nobody-consumes"]);
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
  });
});
