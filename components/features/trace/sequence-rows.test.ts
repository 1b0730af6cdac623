import { describe, expect, test } from "vitest";
import { readTrace } from "#server/domain/sagas/read-trace.ts";
import { drawSequence } from "#server/domain/sagas/sequence.ts";
import { FlowRecorder } from "#server/domain/sagas/testing/flow-recorder.ts";
import { largeFlow } from "#server/domain/sagas/testing/large-flow.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";
import { endOf, moveLifeline, type SequenceView, toSequencePicture } from "./sequence-rows.ts";
import { headText, measure } from "./sequence-shapes.ts";

const PLAIN: SequenceView = { hasChannels: true, order: [], hidden: [], unfolded: new Set() };

function read(flow: FlowRecorder): Trace {
  return readTrace({ ...flow.recorded, services: flow.services });
}

/** An order that two services are given over a channel; one of them tries twice and gives up, nobody hears the other. */
function orderFlow(): Trace {
  const flow = new FlowRecorder();
  const placed = flow.emit("shop", { type: "order.placed", channel: "orders" });
  flow.attempt(placed, "mail");
  flow.emit("mail", { type: "mail.sent", cause: placed });
  flow.attempt(placed, "stock", { outcome: "failed" }).wait(100);
  flow.attempt(placed, "stock", { outcome: "failed", status: "dead" });
  return read(flow);
}

function pictureOf(trace: Trace, view: Partial<SequenceView> = {}) {
  return toSequencePicture(trace, drawSequence(trace), { ...PLAIN, ...view });
}

describe("A sequence diagram", () => {
  test("shows every message of the flow once, with and without channels", () => {
    for (const trace of [orderFlow(), ...(["chain", "fan", "rounds", "orphans"] as const).map(largeTrace)]) {
      for (const hasChannels of [true, false]) {
        const { rows, shown, hidden } = pictureOf(trace, { hasChannels });
        const drawn = rows.flatMap(({ arrow }) => arrow.messages).toSorted((a, b) => a - b);
        expect(drawn).toEqual([...trace.messages.keys()]);
        expect([shown, hidden]).toEqual([trace.messages.length, 0]);
      }
    }
  });

  test("leads straight from service to service without channels", () => {
    const { columns, rows } = pictureOf(orderFlow(), { hasChannels: false });
    expect(columns.map(({ key }) => key)).toEqual(["service shop", "service mail", "service stock"]);
    expect(rows.map(({ arrow, from, to }) => [arrow.type, arrow.kind, from, to])).toEqual([
      ["order.placed", "send", 0, 1],
      ["order.placed", "send", 0, 2],
      ["mail.sent", "unheard", 1, null],
    ]);
  });

  test("counts the messages that go with a hidden lifeline", () => {
    const trace = orderFlow();
    const { columns, shown, hidden, rows } = pictureOf(trace, { hidden: ["service stock"] });
    expect(columns.map(({ name }) => name)).toEqual(["shop", "orders", "mail"]);
    expect([shown, hidden]).toEqual([2, 1]);
    expect(rows.every(({ to }) => to === null || to < columns.length)).toBe(true);
  });

  test("unfolds the attempts of a message, and tells what became of each", () => {
    const trace = orderFlow();
    const folded = pictureOf(trace).rows.find((row) => row.kind === "arrow" && row.times === 2);
    const { rows, shown } = pictureOf(trace, { unfolded: new Set([folded?.key ?? ""]) });
    const attempts = rows.flatMap((row) => (row.kind === "attempt" ? [row] : []));
    expect(attempts.map(({ nth, outcome, tookUs }) => [nth, outcome, tookUs])).toEqual([
      [1, "failed", 20_000],
      [2, "failed", 20_000],
    ]);
    expect(attempts.map(({ span }) => trace.spans[span]?.kind)).toEqual(["work", "work"]);
    expect(shown).toBe(trace.messages.length);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  });

  test("ends arrows by what became of the message", () => {
    const { rows } = pictureOf(orderFlow(), { hasChannels: false });
    expect(rows.map((row) => endOf(row))).toEqual(["arrived", "dead", "unheard"]);
  });

  test("ends each attempt by what became of it, whatever became of the message", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed" });
    flow.attempt(placed, "mail", { outcome: "failed" }).wait(50).attempt(placed, "mail");
    const trace = read(flow);
    const [folded] = pictureOf(trace).rows;
    const { rows } = pictureOf(trace, { unfolded: new Set([folded?.key ?? ""]) });
    expect(rows.map((row) => endOf(row))).toEqual(["arrived", "failed", "arrived"]);
  });

  test("moves a lifeline past the next one that is seen, whatever is hidden between them", () => {
    const trace = orderFlow();
    const { lifelines } = drawSequence(trace);
    const view = { ...PLAIN, hidden: ["channel orders"] };
    const { columns } = pictureOf(trace, view);
    const order = moveLifeline(lifelines, columns, view, { key: "service mail", delta: -1 });
    expect(order).toEqual(["service mail", "service shop", "channel orders", "service stock"]);
    expect(pictureOf(trace, { order }).columns.map(({ key }) => key)).toEqual(order);
    const first = { key: "service mail", delta: -1 } as const;
    expect(moveLifeline(lifelines, pictureOf(trace, { order }).columns, { order }, first)).toEqual(order);
  });
});

function largeTrace(shape: Parameters<typeof largeFlow>[0]): Trace {
  return readTrace(largeFlow(shape, 500));
}

describe("The head of a lifeline", () => {
  const columns = ["eu.example.shop", "eu.example.mail", "us.example.mail"].map((name) => ({
    kind: "service" as const,
    name,
    key: name,
  }));
  const texts = (column: number) => columns.map((one) => headText(one, columns, { gutter: 60, column }));

  test("has the whole name where there is room for it", () => {
    expect(texts(measure(columns, "wide").column)).toEqual(columns.map(({ name }) => name));
  });

  test("has less room where columns would stand beside the screen, but never too little", () => {
    const long = columns.map((column) => ({ ...column, name: `${column.name}.warehouse` }));
    const columnIn = (available: number) => measure(long, "wide", available).column;
    expect(84 + 3 * columnIn(630)).toBeLessThanOrEqual(630);
    expect(columnIn(630)).toBeLessThan(columnIn(2_000));
    expect(columnIn(300)).toBe(columnIn(0));
  });

  test("has the last part of the name where that is nobody else's, or the end of it", () => {
    expect(texts(140)).toEqual(["shop", "…ample.mail", "…ample.mail"]);
  });
});
