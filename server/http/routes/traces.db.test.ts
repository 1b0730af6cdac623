import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TraceDto, traceSchema } from "#server/contract/sagas.ts";
import { recordedAt } from "#server/domain/instant.ts";
import { undone } from "#server/domain/sagas/testing/read-run.ts";
import { type RunFlow, runSystem } from "#server/domain/sagas/testing/run-system.ts";
import {
  ADDRESS_REFUSED,
  OUT_OF_STOCK,
  ordersMediator,
  ordersSaga,
} from "#server/domain/sagas/testing/sample-systems.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";
import { unpackTrace } from "#server/domain/sagas/unpack-trace.ts";
import { SagaRecogniser } from "#server/sagas/recognise-sagas.ts";
import { STATES_BY_HARM } from "#server/sagas/saga-numbers.ts";
import { linkServices } from "#server/sagas/testing/link-services.ts";
import { FlowStore } from "#server/sagas/testing/store-flow.ts";
import { openReplays, type TestReplays } from "../testing/open-replays.ts";

const SERVICES = ["shop", "payment", "inventory", "orders", "mail", "points", "shipping", "mediator"];

let system: TestReplays;
let store: FlowStore;
beforeAll(async () => {
  system = await openReplays();
  store = new FlowStore(system.sql);
  await linkServices(system.ctx, SERVICES);
});
afterAll(() => system.close());

const ask = (query: Record<string, string>) =>
  system.ask("GET", `/api/v1/traces?${new URLSearchParams({ by: "correlation-id", ...query })}`);

async function read(
  value: string,
  query: Record<string, string> = {},
): Promise<{ answer: TraceDto; trace: Trace }> {
  const { status, body } = await ask({ value, ...query });
  expect([status, body.detail]).toEqual([200, undefined]);
  const answer = traceSchema.parse(body);
  return { answer, trace: unpackTrace(answer.trace) };
}

const storeRun = (flow: string, run: RunFlow) => store.store(run.recorder.recorded, { flow });
const typesOf = ({ events }: Trace) => events.map(({ type }) => type);

describe("The trace of a flow", () => {
  test("holds its steps, what took them back, and where the saga stands", async () => {
    const run = runSystem(ordersSaga, { says: OUT_OF_STOCK, flaky: { payment: 1 } });
    await storeRun("undone", run);
    const { answer, trace } = await read("undone");
    expect(answer).toMatchObject({
      reference: { by: "correlation-id", value: "undone", subject: null },
      sagaId: null,
      name: "order.placed",
      key: "undone",
      saga: { state: "compensated", progress: { toCompensate: 1, compensated: 1 } },
      isCapped: false,
      subjects: [],
      unassigned: 0,
      letters: [],
      run: null,
    });
    expect(undone(trace)).toEqual(["inventory.reservation.failed undoes order.placed"]);
    expect(trace.events).toHaveLength(run.recorder.recorded.events.length);
    expect(trace.messages.find(({ to }) => to === "service:payment")).toMatchObject({ attempts: 2 });
  });

  test("shows gaps as gaps", async () => {
    const [first, , third] = await system.append([
      { id: "gap-1", type: "parcel.sent", source: "/post", correlationId: "gaps" },
      { id: "gap-2", type: "parcel.weighed", source: "/post", correlationId: "gaps" },
      {
        id: "gap-3",
        type: "parcel.lost",
        source: "/post",
        correlationId: "gaps",
        causationId: "nobody-knows",
      },
    ]);
    const { trace } = await read("gaps");
    expect(trace.gaps).toEqual([
      { kind: "no-causation-id", event: 1 },
      { kind: "cause-not-in-flow", event: 2 },
    ]);
    expect(trace.events.map(({ position }) => position)).toMatchObject({ 0: first, 2: third });
  });

  test("is found by its trace id and by a payload value, and by nothing else", async () => {
    const positions = await system.append(
      ["call.made", "call.taken", "bill.sent"].map((type, n) => ({ id: `t-${n}`, type, source: "/outside" })),
    );
    await system.sql`
      insert into flow_members (correlation_kind, correlation, position)
      select kind, '4711', position
      from unnest(${[1, 1, 2]}::smallint[], ${positions}::bigint[]) as m (kind, position)`;
    expect(typesOf((await read("4711", { by: "trace" })).trace)).toEqual(["call.made", "call.taken"]);
    expect(typesOf((await read("4711", { by: "payload" })).trace)).toEqual(["bill.sent"]);
    const { status, body } = await ask({ value: "4711" });
    expect([status, body.code]).toEqual([404, "not-found"]);
    expect(body.detail).toContain('No event was recorded of a flow with the correlation id "4711"');
  });

  test("is that of one saga where several share a correlation", async () => {
    const event = { type: "order.placed", source: "/shop", correlationId: "basket" };
    const follow = { type: "order.paid", source: "/bank", correlationId: "basket" };
    await system.append([
      { ...event, id: "b-1", subject: "order-1" },
      { ...event, id: "b-2", subject: "order-2" },
      { ...follow, id: "b-3", causationId: "b-2" },
      { ...follow, id: "b-4", causationId: "gone", subject: "nobody" },
    ]);
    const { answer, trace } = await read("basket");
    expect(answer).toMatchObject({
      reference: { subject: "order-1" },
      subjects: ["order-2"],
      unassigned: 1,
      key: "order-1",
    });
    expect(trace.events.map(({ id }) => id)).toEqual(["b-1"]);
    const other = await read("basket", { subject: "order-2" });
    expect(other.trace.events.map(({ id }) => id)).toEqual(["b-2", "b-3"]);
    expect(other.answer.subjects).toEqual(["order-1"]);
    const { status, body } = await ask({ value: "basket", subject: "order-3" });
    expect([status, body.detail]).toEqual([
      404,
      'This flow holds no saga about "order-3". It holds 2, the first of them about "order-1", "order-2".',
    ]);
  });

  test("is what was known at a moment", async () => {
    const positions = await storeRun("played", runSystem(ordersSaga));
    const [first = "", second = ""] = positions;
    const then = await read("played", { at: second });
    expect(typesOf(then.trace)).toEqual(["order.placed", "payment.processed"]);
    expect(then.answer.saga.state).not.toBe("completed");
    expect((await read("played")).answer.saga.state).toBe("completed");
    const later = recordedAt(String(Number(positions.at(-1)) + 60_000_000));
    expect((await read("played", { at: later })).trace.events).toHaveLength(positions.length);
    const { status, body } = await ask({ value: "played", at: String(Number(first) - 1) });
    expect([status, body.detail]).toEqual([
      404,
      `Nothing of this flow was recorded by then. Its first event is of ${first} (microseconds since 1970).`,
    ]);
  });

  test("has the steps of a declared process, as its mediator's history has them", async () => {
    const run = runSystem(ordersMediator, { says: ADDRESS_REFUSED });
    const positions = await storeRun("declared", run);
    const { process } = ordersMediator;
    if (process === undefined) throw new Error("It is run by a mediator.");
    system.ctx.processes.declare(process);
    const about = { flow: "declared", process: process.name, key: "order-77" };
    const id = await store.storeHistory(run.transitions, about);
    const { answer, trace } = await read("declared");
    expect(answer).toMatchObject({
      name: process.name,
      type: process.name,
      key: "order-77",
      run: { process: process.name, id },
      saga: { state: "compensated", basis: "declared" },
    });
    const names = trace.steps.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["payment", "inventory", "shipping"]));
    expect(trace.compensations.every(({ confidence }) => confidence === 1)).toBe(true);
    const then = await read("declared", { at: positions[2] ?? "" });
    expect(then.answer.saga.state).not.toBe("compensated");
  });

  test("is of the saga that the list has of the flow", async () => {
    await storeRun("listed", runSystem(ordersSaga, { dead: ["inventory"] }));
    const recogniser = new SagaRecogniser(system.ctx);
    while (await recogniser.recogniseOnce());
    const { answer } = await read("listed");
    const [row] = await system.sql<{ id: string; type: string; name: string; step: string }[]>`
      select sagas.id, type, name, step from sagas join saga_types on saga_types.id = type_id
      where correlation = 'listed' and sagas.state = ${STATES_BY_HARM.indexOf("stuck")}`;
    expect(answer).toMatchObject({
      sagaId: row?.id,
      type: row?.type,
      name: row?.name,
      saga: { state: "stuck", awaited: [{ what: "replay", key: row?.step }] },
    });
  });

  test("is begun ahead for who was announced, and is the same", async () => {
    await system.append([{ id: "a-1", type: "parcel.sent", source: "/post", correlationId: "announced" }]);
    const announce = (flow: string) =>
      system.ask("GET", `/api/v1/traces?by=correlation-id&value=${flow}`, undefined, {
        prefer: "respond-async",
      });
    expect(await announce("announced")).toEqual({ status: 202, body: null });
    expect(typesOf((await read("announced")).trace)).toEqual(["parcel.sent"]);
    expect(await announce("nowhere")).toEqual({ status: 202, body: null });
    expect((await ask({ value: "nowhere" })).status).toBe(404);
  });

  test("refuses what names no flow or no moment", async () => {
    const refused = async (query: Record<string, string>) => {
      const { status, body } = await ask(query);
      expect([status, body.code]).toEqual([400, "invalid"]);
      return body.detail;
    };
    expect(await refused({})).toContain("value");
    expect(await refused({ value: "" })).toContain("value");
    expect(await refused({ by: "name", value: "1" })).toContain("by");
    expect(await refused({ value: "1", limit: "5" })).toContain("limit");
    expect(await refused({ value: "1", at: "yesterday" })).toContain(
      "Give microseconds since 1970, or a timestamp such as",
    );
    expect(await refused({ value: "1", at: "99999999999999999" })).toContain("`at` is no moment");
    expect(await refused({ value: "1\u0000" })).toContain("NUL");
  });
});

test("A dead letter on the way, and its replay, are shown as what happened next", async () => {
  let isDown = true;
  await system.consume("stock", () => {
    if (isDown) throw new Error("The warehouse does not answer.");
  });
  const [position = ""] = await system.append([
    { id: "held-1", type: "stock", source: "/shop", correlationId: "held", subject: "order-9" },
  ]);
  await system.parks("stock", 1);
  const parked = await read("held");
  expect(parked.answer).toMatchObject({ saga: { state: "stuck", awaited: [{ what: "replay" }] } });
  expect(parked.answer.letters).toEqual([
    { position, consumer: "stock", status: "parked", caseId: expect.any(Number), replays: [] },
  ]);
  const planned = await system.replay("stock", {}, { start: false });
  expect((await read("held")).answer.letters).toMatchObject([
    { replays: [{ id: String(planned.id), name: "It is mended.", outcome: "waiting" }] },
  ]);
  const before = String(Date.now() * 1000);

  isDown = false;
  await system.command(planned.id, "start");
  await system.ends(planned.id);
  const released = await read("held");
  expect(released.answer.saga.state).toBe("completed");
  expect(released.answer.letters).toMatchObject([
    { status: "resolved", replays: [{ id: String(planned.id), outcome: "succeeded" }] },
  ]);
  expect(released.trace.messages).toMatchObject([{ status: "succeeded", generation: 1, failures: 1 }]);
  const spans = released.trace.spans.map((span) => (span.kind === "wait" ? span.reason : span.outcome));
  expect(spans).toEqual(expect.arrayContaining(["failed", "dead", "succeeded"]));

  const then = await read("held", { at: before });
  expect(then.answer.saga.state).toBe("stuck");
  expect(then.answer.letters).toMatchObject([{ status: "parked", replays: [] }]);
  const unborn = await read("held", { at: position });
  expect(unborn.answer.letters).toEqual([]);
});
