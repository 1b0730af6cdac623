import { answers, directs, listens, type Plan, reacts, type Step, stepAt } from "../behaviours.ts";
import type { System } from "../simulate-flow.ts";
import { withGaps, withoutCauses, withoutDeliveries } from "../spoil-flow.ts";
import { type CorpusCase, running } from "./case.ts";

const START = { service: "shop", type: "order.placed" };

/** A mediator and the services of all its steps. */
export function mediated(
  stages: readonly (readonly Step[])[],
  {
    plan = {},
    mediator = "mediator",
    servants = {},
  }: { plan?: Partial<Plan>; mediator?: string; servants?: Parameters<typeof answers>[1] } = {},
): System["services"] {
  const steps = stages.flat();
  const serviceOf = ({ command }: Step) => command.split(".")[0] ?? command;
  return {
    [mediator]: directs({ start: START.type, stages: () => stages, steps, end: "order.fulfilled", ...plan }),
    ...Object.fromEntries(
      [...Map.groupBy(steps, serviceOf)].map(([service, own]) => [service, answers(own, servants)]),
    ),
  };
}

const four = ["payment", "inventory", "packing", "shipping"].map((name) => [stepAt(name)]);

function undoable(name: string, refusal = false): Step {
  return stepAt(name, {
    undo: { command: `${name}.undo`, reply: `${name}.undone` },
    ...(refusal ? { refusal: `${name}.refused` } : {}),
  });
}

const orders = [
  [undoable("payment")],
  [undoable("inventory", true)],
  [stepAt("mail"), stepAt("points")],
  [undoable("shipping", true)],
];

function eventLike(service: string, command: string, reply: string): [string, Step] {
  return [service, { command, reply }];
}

const disguised = [
  eventLike("payment", "order.received", "payment.taken"),
  eventLike("stock", "order.paid", "stock.taken"),
  eventLike("parcels", "order.packed", "parcel.left"),
];

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

const six = ["a", "b", "c", "d", "e", "f"].map((name) => stepAt(name));
const spoken = ["order.placed", ...four.flat().flatMap(({ command, reply }) => [command, reply])];

export const MEDIATORS: readonly CorpusCase[] = [
  running("mediator with four steps", "mediator", { start: START, services: mediated(four) }),
  running("mediator with two steps", "mediator", { start: START, services: mediated(four.slice(0, 2)) }),
  running("mediator without a last word", "mediator", {
    start: START,
    services: {
      ...mediated(four),
      mediator: directs({ start: START.type, stages: () => four, steps: four.flat() }),
    },
  }),
  running("mediator with twelve steps", "mediator", {
    start: START,
    services: mediated(Array.from({ length: 12 }, (_, index) => [stepAt(`service-${index}`)])),
  }),
  running("orders with parallel steps and compensation", "mediator", {
    start: START,
    services: mediated(orders, { servants: { refusalRate: 0.2 } }),
  }),
  running("most orders are refused", "mediator", {
    start: START,
    services: mediated(orders, { servants: { refusalRate: 0.6 } }),
  }),
  running("scatter and gather, one by one", "mediator", {
    start: START,
    services: mediated([six.slice(0, 4)]),
  }),
  running("mediator that branches", "mediator", {
    start: START,
    services: mediated([six], {
      plan: {
        stages: (random) =>
          random() < 0.5
            ? [[stepAt("a")], [stepAt("b")], [stepAt("f")]]
            : [[stepAt("a")], [stepAt("c")], [stepAt("d")], [stepAt("f")]],
      },
    }),
  }),
  running("mediator that chooses three of six services", "mediator", {
    start: START,
    services: mediated([six], {
      plan: {
        stages: (random) =>
          shuffled(six, random)
            .slice(0, 3)
            .sort(byCommand)
            .map((step) => [step]),
      },
    }),
  }),
  running("hub that asks one by one in any order", "mediator", {
    start: START,
    services: mediated([six.slice(0, 4)], {
      plan: { stages: (random) => shuffled(six.slice(0, 4), random).map((step) => [step]) },
    }),
  }),
  running("mediator that asks again when nobody answers", "mediator", {
    start: START,
    services: mediated(
      four.map(([step]) => (step === undefined ? [] : [{ ...step, patienceMs: 300 }])),
      { servants: { silenceRate: 0.3 } },
    ),
  }),
  running("mediator whose services answer late, after it asked again", "mediator", {
    start: START,
    services: mediated(four.map(([step]) => (step === undefined ? [] : [{ ...step, patienceMs: 20 }]))),
  }),
  running("mediator, much told twice", "mediator", {
    start: START,
    services: mediated(four),
    duplicateRate: 0.3,
  }),
  running("mediator, some messages lost for good", "mediator", {
    start: START,
    services: mediated(four),
    lossRate: 0.1,
  }),
  running(
    "mediator, one event in five not recorded",
    "mediator",
    { start: START, services: mediated(four) },
    { alter: withGaps(0.2) },
  ),
  running(
    "mediator, nobody names causes",
    "mediator",
    { start: START, services: mediated(four) },
    { alter: withoutCauses },
  ),
  running(
    "mediator, nobody reports what it handles",
    "mediator",
    { start: START, services: mediated(four) },
    { alter: withoutDeliveries },
  ),
  running("mediator that is also the one to start", "mediator", {
    start: { service: "mediator", type: "payment.do" },
    services: {
      mediator: reacts({
        "payment.done": ["inventory.do"],
        "inventory.done": ["shipping.do"],
        "shipping.done": ["order.fulfilled"],
      }),
      ...Object.fromEntries(
        ["payment", "inventory", "shipping"].map((name) => [name, answers([stepAt(name)])]),
      ),
    },
  }),
  running("mediator whose commands call themselves commands", "mediator", {
    start: START,
    services: mediated(four, { plan: { kind: "command" } }),
  }),
  running("mediator that speaks in events", "mediator", {
    start: START,
    services: {
      mediator: directs({
        start: START.type,
        stages: () => disguised.map(([, step]) => [step]),
        steps: disguised.map(([, step]) => step),
      }),
      ...Object.fromEntries(disguised.map(([service, step]) => [service, answers([step])])),
      mail: listens("order.paid"),
    },
  }),
  running("mediator with an audit of everything", "mediator", {
    start: START,
    services: { ...mediated(four), audit: listens(...spoken) },
  }),
  running("mediator with two steps that four others watch", "mediator", {
    start: START,
    services: {
      ...mediated(four.slice(0, 2)),
      ...Object.fromEntries(
        ["audit", "metrics", "lake", "search"].map((name) => [
          name,
          listens("order.fulfilled", ...spoken.slice(0, 5)),
        ]),
      ),
    },
  }),
  running("mediator of which one service is down", "mediator", {
    start: START,
    services: mediated(four),
    isDown: ["shipping"],
  }),
  running("mediator whose last word others hear", "mediator", {
    start: START,
    services: { ...mediated(four), mail: listens("order.fulfilled"), analytics: listens("order.fulfilled") },
  }),
  running("mediator that looks like a chatty service", "mediator", {
    start: START,
    services: {
      ...mediated(four),
      mediator: () => {
        const behaviour = directs({
          start: START.type,
          stages: () => four,
          steps: four.flat(),
          end: "order.fulfilled",
        })();
        return Object.fromEntries(
          Object.entries(behaviour).map(([type, handle]) => [
            type,
            (handling: Parameters<typeof handle>[0]) => [
              "status.changed",
              ...handle(handling),
              "log.written",
            ],
          ]),
        );
      },
      dashboard: listens("status.changed", "log.written"),
    },
  }),
  running("two mediators, one after the other", "mediator", {
    start: START,
    services: {
      ...mediated([[stepAt("a")], [stepAt("b")]], { mediator: "first" }),
      ...mediated([[stepAt("c")], [stepAt("d")], [stepAt("e")]], {
        mediator: "second",
        plan: { start: "order.fulfilled", end: "order.closed" },
      }),
    },
  }),
  running("two mediators side by side", "mediator", {
    start: START,
    services: {
      ...mediated([[stepAt("a")], [stepAt("b")]], { mediator: "first" }),
      ...mediated([[stepAt("c")], [stepAt("d")]], { mediator: "second", plan: { end: "second.done" } }),
    },
  }),
  running("mediator under a mediator", "mediator", {
    start: START,
    services: {
      ...mediated([[stepAt("payment")], [stepAt("delivery")], [stepAt("mail")]]),
      ...mediated([[stepAt("picking")], [stepAt("carrier")]], {
        mediator: "delivery",
        plan: { start: "delivery.do", end: "delivery.done" },
      }),
    },
  }),
  running("mediator that visits a service several times", "mediator", {
    start: START,
    services: mediated([
      [{ command: "payment.authorize", reply: "payment.authorized" }],
      [stepAt("inventory")],
      [stepAt("shipping")],
      [{ command: "payment.capture", reply: "payment.captured" }],
    ]),
  }),
  running("mediator that names no causes, while its services do", "mediator", {
    start: START,
    services: mediated(four, { plan: { namesCause: "none" } }),
  }),
  running("service between others that is a mediator for all but its name", "mediator", {
    start: START,
    services: {
      orders: reacts({
        "order.placed": ["order.accepted"],
        "payment.done": ["order.paid"],
        "stock.done": ["order.complete"],
        "parcel.done": ["order.closed"],
      }),
      payment: reacts({ "order.accepted": ["payment.done"] }),
      stock: reacts({ "order.paid": ["stock.done"] }),
      parcel: reacts({ "order.complete": ["parcel.done"] }),
    },
  }),
];

function byCommand(a: Step, b: Step): number {
  return a.command < b.command ? -1 : 1;
}
