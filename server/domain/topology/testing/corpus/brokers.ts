import { collects, listens, reacts } from "../behaviours.ts";
import type { System } from "../simulate-flow.ts";
import { withGaps, withoutCauses, withoutDeliveries } from "../spoil-flow.ts";
import { type CorpusCase, running } from "./case.ts";

const START = { service: "shop", type: "order.placed" };

function chain(length: number): System["services"] {
  const types = ["order.placed", ...Array.from({ length }, (_, index) => `stage-${index}.done`)];
  return Object.fromEntries(
    Array.from({ length }, (_, index) => [
      `stage-${index}`,
      reacts({ [types[index] ?? ""]: [types[index + 1] ?? ""] }),
    ]),
  );
}

function fanOut(count: number): System["services"] {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`listener-${index}`, listens("order.placed")]),
  );
}

const shop: System["services"] = {
  inventory: reacts({ "order.placed": ["inventory.updated"] }),
  mail: listens("order.placed"),
  points: reacts({ "order.placed": ["points.credited"] }),
  analytics: listens("order.placed"),
  shipping: reacts({ "inventory.updated": ["order.shipped"] }),
};

/** One in `odds` orders fails where the last service decides. */
function orFails(odds: number, done: string, failed: string) {
  return ({ random }: { random: () => number }) => [random() < 1 / odds ? failed : done];
}

const saga: System["services"] = {
  payment: () => ({
    "order.placed": orFails(10, "payment.processed", "payment.failed"),
    "inventory.reservation.failed": () => ["payment.refunded"],
  }),
  inventory: () => ({
    "payment.processed": orFails(6, "inventory.reserved", "inventory.reservation.failed"),
  }),
  orders: reacts({
    "inventory.reserved": ["order.confirmed"],
    "payment.failed": ["order.cancelled"],
    "payment.refunded": ["order.cancelled"],
  }),
  mail: listens("order.confirmed", "order.cancelled"),
};

const backwards: System["services"] = {
  payment: reacts({ "order.placed": ["payment.done"], "inventory.undone": ["payment.undone"] }),
  inventory: reacts({ "payment.done": ["inventory.done"], "shipping.failed": ["inventory.undone"] }),
  shipping: () => ({ "inventory.done": orFails(5, "shipping.done", "shipping.failed") }),
  mail: listens("shipping.done", "payment.undone"),
};

const undoneByAll: System["services"] = {
  payment: reacts({ "order.placed": ["payment.done"], "shipping.failed": ["payment.undone"] }),
  inventory: reacts({ "payment.done": ["inventory.done"], "shipping.failed": ["inventory.undone"] }),
  shipping: () => ({ "inventory.done": orFails(4, "shipping.done", "shipping.failed") }),
};

const allTypes = ["order.placed", "inventory.updated", "points.credited", "order.shipped"];

export const BROKERS: readonly CorpusCase[] = [
  running("pipeline of three", "broker", { start: START, services: chain(3) }),
  running("pipeline of eight", "broker", { start: START, services: chain(8) }),
  running("pipeline of fifteen", "broker", { start: START, services: chain(15) }),
  running("fan-out to two that only listen", "broker", { start: START, services: fanOut(2) }),
  running("fan-out to twelve", "broker", { start: START, services: fanOut(12) }),
  running("shop by a broker", "broker", { start: START, services: shop }),
  running("shop by a broker, many told twice", "broker", {
    start: START,
    services: shop,
    duplicateRate: 0.3,
  }),
  running("shop by a broker, some events lost", "broker", { start: START, services: shop, lossRate: 0.1 }),
  running(
    "shop by a broker, one event in five not recorded",
    "broker",
    { start: START, services: shop },
    { alter: withGaps(0.2) },
  ),
  running(
    "shop by a broker, nobody names causes",
    "broker",
    { start: START, services: shop },
    { alter: withoutCauses },
  ),
  running(
    "chain of events, nobody reports what it handles",
    "broker",
    { start: START, services: chain(5) },
    { alter: withoutDeliveries },
  ),
  running("shop by a broker with an audit of everything", "broker", {
    start: START,
    services: { ...shop, audit: listens(...allTypes) },
  }),
  running("broker flow with an aggregator", "broker", {
    start: START,
    services: {
      inventory: reacts({ "order.placed": ["inventory.done"] }),
      payment: reacts({ "order.placed": ["payment.done"] }),
      fraud: reacts({ "order.placed": ["fraud.done"] }),
      assembly: collects(["inventory.done", "payment.done", "fraud.done"], "order.ready"),
      shipping: reacts({ "order.ready": ["order.shipped"] }),
    },
  }),
  running("process manager that only listens", "broker", {
    start: START,
    services: { ...shop, manager: listens(...allTypes) },
  }),
  running("process manager that listens and tells how far it is", "broker", {
    start: START,
    services: {
      ...shop,
      manager: reacts(Object.fromEntries(allTypes.map((type) => [type, ["progress.made"]]))),
      dashboard: listens("progress.made"),
    },
  }),
  running("choreographed saga", "broker", { start: START, services: saga }),
  running("choreographed saga, told twice", "broker", { start: START, services: saga, duplicateRate: 0.3 }),
  running("choreographed saga undone backwards along the chain", "broker", {
    start: START,
    services: backwards,
  }),
  running("choreographed saga in which each undoes its own", "broker", {
    start: START,
    services: undoneByAll,
  }),
  running("chatty service that everybody hears and that answers nobody", "broker", {
    start: START,
    services: {
      chatty: reacts({
        "order.placed": ["order.seen", "customer.seen"],
        "a.done": ["a.noted"],
        "b.done": ["b.noted"],
        "c.done": ["c.noted"],
      }),
      a: reacts({ "order.placed": ["a.done"] }),
      b: reacts({ "order.placed": ["b.done"] }),
      c: reacts({ "a.done": ["c.done"] }),
      d: listens("order.seen", "a.noted", "b.noted"),
      e: listens("customer.seen", "c.noted", "a.noted"),
    },
  }),
  running("diamond", "broker", {
    start: START,
    services: {
      left: reacts({ "order.placed": ["left.done"] }),
      right: reacts({ "order.placed": ["right.done"] }),
      join: collects(["left.done", "right.done"], "joined"),
      after: listens("joined"),
    },
  }),
  running("readings that are rarely followed by anything", "broker", {
    start: { service: "machines", type: "reading.taken" },
    services: {
      alerts: () => ({ "reading.taken": ({ random }) => (random() < 0.05 ? ["alert.raised"] : []) }),
      detector: listens("reading.taken"),
    },
  }),
  running("trades: positions, risk and a tape", "broker", {
    start: { service: "exchange", type: "trade.executed" },
    services: {
      positions: reacts({ "trade.executed": ["position.changed"] }),
      risk: () => ({ "position.changed": ({ random }) => (random() < 0.1 ? ["limit.exceeded"] : []) }),
      tape: listens("trade.executed"),
    },
  }),
  running("everybody reports back to the producer, which makes nothing of it", "broker", {
    start: START,
    services: {
      shop: listens("mail.sent", "points.credited", "stock.taken"),
      mail: reacts({ "order.placed": ["mail.sent"] }),
      points: reacts({ "order.placed": ["points.credited"] }),
      stock: reacts({ "order.placed": ["stock.taken"] }),
    },
  }),
  running("two outcomes, each with its own consumer", "broker", {
    start: START,
    services: {
      payment: () => ({ "order.placed": orFails(3, "payment.done", "payment.failed") }),
      shipping: reacts({ "payment.done": ["order.shipped"] }),
      dunning: reacts({ "payment.failed": ["reminder.sent"] }),
      mail: listens("order.shipped", "reminder.sent"),
    },
  }),
  running("ring of three that turns a few times", "broker", {
    start: { service: "first", type: "first.done" },
    services: {
      first: () => ({
        "third.done": ({ memory }) => {
          memory.set("turns", (memory.get("turns") ?? 0) + 1);
          return (memory.get("turns") ?? 0) < 3 ? ["first.done"] : [];
        },
      }),
      second: reacts({ "first.done": ["second.done"] }),
      third: reacts({ "second.done": ["third.done"] }),
    },
  }),
  running("pipeline in which everything calls itself a command", "broker", {
    start: START,
    services: {
      a: reacts({ "order.placed": [{ type: "a.do", kind: "command" }] }),
      b: reacts({ "a.do": [{ type: "b.do", kind: "command" }] }),
      c: reacts({ "b.do": [{ type: "c.do", kind: "command" }] }),
      d: listens("c.do"),
    },
  }),
  running("broker flow in which one service asks another one", "broker", {
    start: START,
    services: {
      ...shop,
      payment: reacts({ "order.placed": ["charge.wanted"], "charge.made": ["payment.done"] }),
      bank: reacts({ "charge.wanted": ["charge.made"] }),
      books: listens("payment.done"),
    },
  }),
];
