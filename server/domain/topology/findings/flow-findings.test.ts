import { describe, expect, it, vi } from "vitest";
import { answers, directs, listens, reacts, type Step, stepAt } from "../testing/behaviours.ts";
import { findingInput, fromFlows } from "../testing/finding-input.ts";
import { type System, simulateFlows } from "../testing/simulate-flow.ts";
import { findCycles } from "./cycle.ts";
import { MOST_PROOFS } from "./finding.ts";
import type { FindingInput } from "./finding-input.ts";
import { findIdOnly } from "./id-only-calls-back.ts";
import { findMediatorsOfEverything } from "./mediator-of-everything.ts";
import { findRequestReply } from "./request-reply-as-events.ts";
import { findTopicsAsCommands } from "./topic-as-command.ts";

// Simulating systems takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const prices: System = {
  start: { service: "web", type: "price.wanted" },
  services: { web: listens("price.told"), prices: reacts({ "price.wanted": ["price.told"] }) },
};
const steps = [stepAt("payment"), stepAt("inventory")];

function mediated(start: string, mediator = "mediator", own: Step[] = steps): System {
  return {
    start: { service: "shop", type: start },
    services: {
      [mediator]: directs({ start, stages: () => own.map((step) => [step]), steps: own, end: "done" }),
      ...Object.fromEntries(own.map((step) => [step.command.split(".")[0], answers([step])])),
    },
  };
}

function inputOf(system: System, given: Partial<FindingInput> = {}, count = 30): FindingInput {
  return findingInput({ ...fromFlows(simulateFlows(system, count, 5)), ...given });
}

describe("request and reply disguised as events", () => {
  it("are one that tells one other, which answers nobody else", () => {
    const edges = [
      { id: "web->prices", from: "web", to: "prices", types: ["price.wanted"] },
      { id: "prices->web", from: "prices", to: "web", types: ["price.told"] },
    ];
    const [found, ...others] = findRequestReply(inputOf(prices, { edges }));
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      nodes: ["web", "prices"],
      edges: ["web->prices", "prices->web"],
      types: ["price.wanted", "price.told"],
      numbers: { events: 30, answered: 30, share: 1 },
    });
    expect(found?.flows).toHaveLength(MOST_PROOFS);
  });

  it("are not what others hear too, what says that it commands, what a mediator does, or a few", () => {
    const audited = { ...prices, services: { ...prices.services, audit: listens("price.told") } };
    expect(findRequestReply(inputOf(audited))).toEqual([]);
    const marked: System = {
      start: { service: "web", type: "opened" },
      services: {
        desk: reacts({ opened: [{ type: "price.wanted", kind: "command" }], "price.told": ["shown"] }),
        prices: reacts({ "price.wanted": ["price.told"] }),
      },
    };
    expect(findRequestReply(inputOf(marked))).toEqual([]);
    expect(findRequestReply(inputOf(mediated("order.placed")))).toEqual([]);
    expect(findRequestReply(inputOf(prices, {}, 9))).toEqual([]);
  });
});

function ring(turns: number): System {
  return {
    start: { service: "first", type: "first.done" },
    services: {
      first: () => ({
        "third.done": ({ memory }) => {
          memory.set("turns", (memory.get("turns") ?? 0) + 1);
          return (memory.get("turns") ?? 0) <= turns ? ["first.done"] : [];
        },
      }),
      second: reacts({ "first.done": ["second.done"] }),
      third: reacts({ "second.done": ["third.done"] }),
    },
  };
}

describe("a cycle of events", () => {
  it("is found with its services, its edges, and how often it turned", () => {
    const edges = [
      { id: "first->second", from: "first", to: "second", types: ["first.done"] },
      { id: "second->third", from: "second", to: "third", types: ["second.done"] },
      { id: "third->first", from: "third", to: "first", types: ["third.done"] },
    ];
    const [found, ...others] = findCycles(inputOf(ring(4), { edges }, 20));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ severity: "risk", numbers: { turns: 4, flows: 20 } });
    expect(found?.nodes.toSorted()).toEqual(["first", "second", "third"]);
    expect(found?.edges.toSorted()).toEqual(["first->second", "second->third", "third->first"]);
    expect(found?.flows).toHaveLength(MOST_PROOFS);
  });

  it("is harmful where it goes on and on", () => {
    expect(findCycles(inputOf(ring(25), {}, 2))).toMatchObject([
      { severity: "harm", numbers: { turns: 25 } },
    ]);
  });

  it("is not something that is done twice, or a message that is sent again", () => {
    expect(findCycles(inputOf(ring(1)))).toEqual([]);
    const impatient = mediated("order.placed", "mediator", [
      stepAt("payment", { patienceMs: 5 }),
      stepAt("inventory", { patienceMs: 5 }),
    ]);
    expect(findCycles(inputOf(impatient))).toEqual([]);
  });
});

describe("a mediator on the way of everything", () => {
  const both = [
    ...simulateFlows(mediated("order.placed"), 20, 1),
    ...simulateFlows(mediated("order.returned"), 20, 2),
  ];

  it("is one that nearly all flows of several types need", () => {
    const edges = [
      { id: "shop->mediator", from: "shop", to: "mediator", types: [] },
      { id: "shop->mail", from: "shop", to: "mail", types: [] },
    ];
    const found = findMediatorsOfEverything(findingInput({ ...fromFlows(both), edges }));
    expect(found).toMatchObject([
      {
        nodes: ["mediator"],
        edges: ["shop->mediator"],
        numbers: { flows: 40, share: 1, flowTypes: 2, services: 2 },
      },
    ]);
  });

  it("is not one of one business, or one beside others", () => {
    expect(findMediatorsOfEverything(inputOf(mediated("order.placed")))).toEqual([]);
    const others = simulateFlows(mediated("order.returned", "returns"), 20, 3);
    const beside = [...both.slice(0, 20), ...others];
    expect(findMediatorsOfEverything(findingInput(fromFlows(beside)))).toEqual([]);
  });
});

describe("a topic that commands a single consumer", () => {
  const channels = [{ node: "pricing", kind: "topic" as const }];
  const edges = [
    { id: "in", from: "web", to: "pricing", types: ["price.wanted"] },
    { id: "out", from: "pricing", to: "prices", types: ["price.wanted"] },
  ];

  it("is one from one producer to one consumer that answers it", () => {
    expect(findTopicsAsCommands(inputOf(prices, { channels, edges }))).toMatchObject([
      {
        nodes: ["pricing", "web", "prices"],
        edges: ["in", "out"],
        types: ["price.wanted"],
        numbers: { events: 30, answered: 30, marked: 0 },
      },
    ]);
  });

  it("is no queue, no topic with several consumers, and none that nobody answers", () => {
    const queue = [{ node: "pricing", kind: "queue" as const }];
    expect(findTopicsAsCommands(inputOf(prices, { channels: queue, edges }))).toEqual([]);
    const more = [...edges, { id: "out-2", from: "pricing", to: "stats", types: ["price.wanted"] }];
    expect(findTopicsAsCommands(inputOf(prices, { channels, edges: more }))).toEqual([]);
    const told = { ...prices, services: { prices: listens("price.wanted") } };
    expect(findTopicsAsCommands(inputOf(told, { channels, edges }))).toEqual([]);
  });
});

describe("an event that carries only an id", () => {
  const accounts: System = {
    start: { service: "accounts", type: "password.changed" },
    services: { router: reacts({ "password.changed": ["mail.send"] }), mail: listens("mail.send") },
  };
  const shapes = (fields: string[], idOnly: number) => ({
    type: "password.changed",
    service: "accounts",
    looked: 20,
    idOnly,
    fields,
    positions: ["4"],
  });
  const told = {
    type: "mail.send",
    service: "router",
    looked: 20,
    idOnly: 0,
    fields: ["customerId", "to", "text"],
    positions: [],
  };

  it("is told of where the consumer goes on with what it was not told", () => {
    const input = inputOf(accounts, { payloads: [shapes(["customerId"], 20), told] });
    expect(findIdOnly(input)).toMatchObject([
      {
        severity: "note",
        nodes: ["router", "accounts"],
        types: ["password.changed"],
        numbers: { fields: 2, asked: 0 },
        names: { fields: "to, text" },
      },
    ]);
  });

  it("is a risk where the consumer asks the producer for the rest", () => {
    const asking: System = {
      start: { service: "accounts", type: "password.changed" },
      services: {
        accounts: reacts({ "details.wanted": ["details.told"] }),
        router: reacts({ "password.changed": ["details.wanted"], "details.told": ["mail.send"] }),
      },
    };
    const input = inputOf(asking, { payloads: [shapes(["customerId"], 20)] });
    expect(findIdOnly(input)).toMatchObject([{ severity: "risk", numbers: { asked: 30 } }]);
  });

  it("is not told of where it says more, or is all that its consumer needs", () => {
    expect(findIdOnly(inputOf(accounts, { payloads: [shapes(["customerId", "name"], 0), told] }))).toEqual(
      [],
    );
    const enough = { ...told, fields: ["customerId"] };
    expect(findIdOnly(inputOf(accounts, { payloads: [shapes(["customerId"], 20), enough] }))).toEqual([]);
  });
});
