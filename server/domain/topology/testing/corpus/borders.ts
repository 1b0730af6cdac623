import type { ObservedFlow } from "../../observed-flow.ts";
import { answers, collects, listens, reacts, stepAt } from "../behaviours.ts";
import { randomFrom } from "../simulate-flow.ts";
import { withGaps } from "../spoil-flow.ts";
import { type CorpusCase, running, USUAL_FLOWS } from "./case.ts";
import { mediated } from "./mediators.ts";

const START = { service: "shop", type: "order.placed" };
const two = [[stepAt("payment")], [stepAt("inventory")]];
const ways = ["push", "sms", "mail", "chat"];

export const MIXED: readonly CorpusCase[] = [
  running("mediator, and then a chain of the same length", "mixed", {
    start: START,
    services: {
      ...mediated([...two, [stepAt("packing")]]),
      label: reacts({ "order.fulfilled": ["label.printed"] }),
      parcel: reacts({ "label.printed": ["parcel.left"] }),
      survey: reacts({ "parcel.left": ["survey.sent"] }),
    },
  }),
  running("mediator for one branch of a fan-out", "mixed", {
    start: START,
    services: {
      ...mediated([...two, [stepAt("packing")]]),
      points: reacts({ "order.placed": ["points.credited"] }),
      fraud: reacts({ "order.placed": ["fraud.checked"] }),
      mail: listens("order.placed"),
    },
  }),
  running("router that forwards to one of several", "mixed", {
    start: START,
    services: {
      router: () => ({
        "order.placed": ({ random }) => [`${ways[Math.floor(random() * ways.length)]}.send`],
      }),
      ...Object.fromEntries(ways.map((way) => [way, reacts({ [`${way}.send`]: ["notice.sent"] })])),
    },
  }),
  running("router that tells two of several, by commands", "mixed", {
    start: START,
    services: {
      router: () => ({
        "order.placed": ({ random }) =>
          ways.filter(() => random() < 0.5).map((way) => ({ type: `${way}.send`, kind: "command" as const })),
      }),
      ...Object.fromEntries(ways.map((way) => [way, listens(`${way}.send`)])),
    },
  }),
  running("hub without order that makes nothing of the answers", "mixed", {
    start: START,
    services: {
      hub: () => ({
        "order.placed": () => ways.map((way) => `${way}.do`),
        ...Object.fromEntries(ways.map((way) => [`${way}.done`, () => []])),
      }),
      ...Object.fromEntries(ways.map((way) => [way, answers([stepAt(way)])])),
    },
  }),
  running("auction: told to all at once, and gathered by who asked", "mixed", {
    start: START,
    services: {
      auction: () => ({
        "order.placed": () => ["bids.wanted"],
        ...collects(["a.bid", "b.bid", "c.bid"], "bid.chosen")(),
      }),
      a: reacts({ "bids.wanted": ["a.bid"] }),
      b: reacts({ "bids.wanted": ["b.bid"] }),
      c: reacts({ "bids.wanted": ["c.bid"] }),
    },
  }),
  running("producer that gathers what everybody did, and then goes on", "mixed", {
    start: START,
    services: {
      shop: collects(["stock.taken", "payment.taken", "fraud.checked"], "order.ready"),
      stock: reacts({ "order.placed": ["stock.taken"] }),
      payment: reacts({ "order.placed": ["payment.taken"] }),
      fraud: reacts({ "order.placed": ["fraud.checked"] }),
      shipping: listens("order.ready"),
    },
  }),
  running("mediator that names the start of the flow as the cause of all that it sends", "mixed", {
    start: START,
    services: mediated([...two, [stepAt("packing")]], { plan: { namesCause: "start" } }),
  }),
  running("half a mediator: two commanded, two on their own", "mixed", {
    start: START,
    services: {
      ...mediated(two),
      points: reacts({ "payment.done": ["points.credited"] }),
      stats: reacts({ "order.placed": ["stats.updated"] }),
    },
  }),
];

export const UNCLEAR: readonly CorpusCase[] = [
  { name: "no flows", expected: "too-little-evidence", flows: () => [] },
  running("one request and one reply", "too-little-evidence", {
    start: { service: "web", type: "price.wanted" },
    services: { web: listens("price.told"), prices: reacts({ "price.wanted": ["price.told"] }) },
  }),
  running("one request, one reply, and a last word", "too-little-evidence", {
    start: { service: "web", type: "price.wanted" },
    services: {
      web: reacts({ "price.told": ["page.shown"] }),
      prices: reacts({ "price.wanted": ["price.told"] }),
    },
  }),
  running("two services in conversation", "too-little-evidence", {
    start: { service: "a", type: "a.one" },
    services: {
      a: reacts({ "b.one": ["a.two"], "b.two": ["a.three"] }),
      b: reacts({ "a.one": ["b.one"], "a.two": ["b.two"] }),
    },
  }),
  running("chain that hands its result back the way it came", "too-little-evidence", {
    start: { service: "a", type: "a.wants" },
    services: {
      a: reacts({ "b.gives": ["a.done"] }),
      b: reacts({ "a.wants": ["b.wants"], "c.gives": ["b.gives"] }),
      c: reacts({ "b.wants": ["c.wants"], "d.gives": ["c.gives"] }),
      d: reacts({ "c.wants": ["d.gives"] }),
    },
  }),
  running("one consumer", "too-little-evidence", {
    start: START,
    services: { mail: listens("order.placed") },
  }),
  running("events that nobody consumes", "too-little-evidence", { start: START, services: {} }),
  running(
    "three flows of a mediator",
    "too-little-evidence",
    { start: START, services: mediated(two) },
    { count: 3 },
  ),
  running("mediator whose first service is down", "too-little-evidence", {
    start: START,
    services: mediated([[stepAt("payment", { patienceMs: 100 })], [stepAt("inventory")]]),
    isDown: ["payment"],
  }),
  running("mediator whose first service never answers, though it is asked again", "too-little-evidence", {
    start: START,
    services: mediated([[stepAt("payment", { patienceMs: 100 })], [stepAt("inventory")]], {
      servants: { silenceRate: 1 },
    }),
  }),
  running(
    "four flows of a pipeline",
    "too-little-evidence",
    {
      start: START,
      services: { a: reacts({ "order.placed": ["a.done"] }), b: listens("a.done") },
    },
    { count: 4 },
  ),
  running(
    "mediator of which hardly anything was recorded",
    "too-little-evidence",
    { start: START, services: mediated([...two, [stepAt("packing")], [stepAt("shipping")]]) },
    { alter: withGaps(0.75) },
  ),
  {
    name: "noise: events of many services that nothing led to",
    expected: "too-little-evidence",
    flows: (seed) => Array.from({ length: USUAL_FLOWS }, (_, index) => noise(seed * 7_919 + index)),
  },
];

function noise(seed: number): ObservedFlow {
  const random = randomFrom(seed);
  const events = Array.from({ length: 3 + Math.floor(random() * 12) }, (_, index) => ({
    position: String(index + 1),
    type: index === 0 ? "noise.made" : `noise.${Math.floor(random() * 9)}`,
    service: index === 0 ? "source" : `service-${Math.floor(random() * 9)}`,
    kind: null,
    cause: null,
    isCauseMissing: false,
    at: index * 10,
  }));
  return { correlationId: `noise-${seed}`, events, deliveries: [] };
}
