import { expect, test } from "vitest";
import { SAGA_STATES } from "#server/domain/sagas/saga.ts";
import {
  keepPlaces,
  nameChips,
  orderCounts,
  orderTypes,
  orderWaiting,
  STATES_BY_URGENCY,
  type TypeCounts,
  totalsOf,
} from "./list-counts.ts";

const typed = (name: string, states: TypeCounts["states"]): TypeCounts => ({
  type: name,
  name,
  states,
  waiting: [],
});

test("every state has its place", () => {
  expect(STATES_BY_URGENCY.toSorted()).toEqual(SAGA_STATES.toSorted());
  const each = Object.fromEntries(SAGA_STATES.map((state) => [state, 1]));
  expect(totalsOf(each)).toEqual({ all: SAGA_STATES.length, open: 4 });
});

test("types with stuck sagas come first, those that are filtered for before them", () => {
  const types = [
    typed("quiet", { completed: 900 }),
    typed("busy", { running: 12, completed: 5 }),
    typed("stuck", { stuck: 1 }),
    typed("also quiet", { completed: 900 }),
  ];
  const names = (chosen: string[]) => orderTypes(types, chosen).map(({ name }) => name);
  expect(names([])).toEqual(["stuck", "busy", "also quiet", "quiet"]);
  expect(names(["quiet"])).toEqual(["quiet", "stuck", "busy", "also quiet"]);
});

test("steps at which sagas are stuck come before those where most wait", () => {
  const at = (key: string, state: "stuck" | "waiting", sagas: number) => ({
    step: { key, name: key },
    state,
    sagas,
  });
  const ordered = orderWaiting([
    at("pay", "waiting", 312),
    at("ship", "stuck", 2),
    at("mail", "waiting", 400),
  ]);
  expect(ordered.map(({ step }) => step.key)).toEqual(["ship", "mail", "pay"]);
});

test("what somebody reaches for stays where it is while others overtake it, and counts what is", () => {
  const at = (key: string, sagas: number) => ({
    step: { key, name: key },
    state: "waiting" as const,
    sagas,
  });
  const before = orderCounts(
    [
      { ...typed("orders", { waiting: 9 }), waiting: [at("ship", 4), at("pay", 5)] },
      typed("sensors", { running: 3 }),
    ],
    [],
  );
  const now = orderCounts(
    [
      typed("trading", { stuck: 7 }),
      typed("sensors", { running: 40 }),
      { ...typed("orders", { waiting: 10 }), waiting: [at("mail", 8), at("ship", 2)] },
    ],
    [],
  );
  const places = (rows: readonly TypeCounts[]) =>
    rows.map(({ name, waiting }) => [name, ...waiting.map(({ step, sagas }) => `${sagas} ${step.key}`)]);
  expect(places(before)).toEqual([["orders", "5 pay", "4 ship"], ["sensors"]]);
  expect(places(keepPlaces(before, now))).toEqual([
    ["orders", "0 pay", "2 ship", "8 mail"],
    ["sensors"],
    ["trading"],
  ]);
  expect(keepPlaces(before, now).map(({ states }) => states)).toEqual([
    { waiting: 10 },
    { running: 40 },
    { stuck: 7 },
  ]);
});

test("a service is told by what it does where it does several things, and by its name alone elsewhere", () => {
  const at = (service: string, name: string, state: "waiting" | "stuck" = "waiting") => ({
    step: { key: JSON.stringify([`service:${service}`, name]), name },
    state,
    sagas: 1,
  });
  const names = nameChips([
    at("mediator", "payment.charged"),
    at("mediator", "mail.sent"),
    at("payment", "order.placed"),
    at("payment", "order.placed", "stuck"),
    { step: { key: "shipping", name: "shipping" }, state: "waiting", sagas: 1 },
  ]);
  expect([...names.values()]).toEqual([
    "mediator (payment.charged)",
    "mediator (mail.sent)",
    "payment",
    "shipping",
  ]);
});
