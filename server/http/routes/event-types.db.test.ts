import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendTestEvents, type TestEvent } from "#drizzle/testing/events.ts";
import { publish } from "#server/bus/publish.ts";
import { relayOutboxOnce } from "#server/bus/relay-outbox.ts";
import { completeEvent } from "#server/domain/new-event.ts";
import { markViolationsOnce } from "#server/schemas/mark-violations.ts";
import { USER_1 } from "#server/schemas/testing/user-schemas.ts";
import { countHoursOnce } from "#server/workers/count-hours.ts";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const register = async (type: string, ...versions: [string, unknown][]) => {
  for (const [version, body] of versions) {
    expect((await api.ask("PUT", `/api/v1/schemas/${type}/${version}`, body)).status).toBe(201);
  }
};
const enforce = (type: string, body: Record<string, unknown> = {}) =>
  api.ask("PUT", `/api/v1/types/${type}/policy`, { policy: "enforce", ...body });
const json = (data: unknown, rest: TestEvent = {}): TestEvent => ({
  data: { encoding: "json", text: JSON.stringify(data) },
  ...rest,
});
const post = (body: unknown) => api.postEvents(body);
const cloudEvent = (type: string, id: string, data: unknown, rest: object = {}) => ({
  specversion: "1.0",
  id,
  source: "/web",
  type,
  data,
  ...rest,
});

describe("An observed type", () => {
  test("stores what violates its schema and marks it, once, from its registration on", async () => {
    const type = "observed";
    await api.append([json({ id: "before" }, { type })]);
    await register(type, ["1.0", USER_1]);
    const [good, bad] = await api.append([
      json({ id: 1, name: "Ada" }, { type }),
      json({ id: "2" }, { type, id: "bad", source: "/web", extensions: { dataversion: "1.0" } }),
    ]);
    while (await markViolationsOnce(api.ctx));
    await markViolationsOnce(api.ctx);
    const page = await api.ask("GET", `/api/v1/types/${type}/violations`);
    expect(page.body).toMatchObject({
      violations: [
        {
          position: bad,
          id: "bad",
          source: "/web",
          version: "1.0",
          judgedBy: "1.0",
          problemCount: 2,
          problems: expect.arrayContaining([
            { path: "/name", reason: "is required" },
            { path: "/id", reason: "must be integer" },
          ]),
        },
      ],
      nextBefore: null,
    });
    expect((await api.ask("GET", `/api/v1/events/${bad}`)).body.schema).toMatchObject({
      version: "1.0",
      violation: { judgedBy: "1.0", problemCount: 2 },
    });
    expect((await api.ask("GET", `/api/v1/events/${good}`)).body.schema).toEqual({
      version: null,
      violation: null,
      upcast: null,
    });
    expect((await api.ask("GET", `/api/v1/types/${type}`)).body).toMatchObject({
      policy: "observe",
      judged: 2,
      violations: 1,
      refused: 0,
    });
  });
});

describe("An enforced type", () => {
  test("refuses a single event with the path and the reason, and takes a good one", async () => {
    const type = "enforced";
    await register(type, ["1.0", USER_1]);
    expect((await enforce(type)).body).toMatchObject({ type, policy: "enforce" });
    expect(await post(cloudEvent(type, "1", { id: 1 }))).toMatchObject({
      status: 400,
      body: {
        code: "schema-violation",
        detail: expect.stringContaining("enforced 1.0: /name is required"),
        problems: [{ path: "/name", reason: "is required" }],
      },
    });
    expect(await post(cloudEvent(type, "1", { id: 1, name: "Ada" }))).toMatchObject({
      status: 202,
      body: { accepted: 1 },
    });
    expect(await post(cloudEvent(type, "2", { id: 1, name: "Ada" }, { dataversion: "7" }))).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining("version 7, which is not registered") },
    });
    await api.ctx.schemas.writeRefused();
    expect((await api.ask("GET", `/api/v1/types/${type}`)).body).toMatchObject({ refused: 2 });
  });

  test("refuses one of a batch and loses none of the others", async () => {
    const type = "batched";
    await register(type, ["1.0", USER_1]);
    await enforce(type);
    const batch = [
      cloudEvent("other", "a", { anything: true }),
      cloudEvent(type, "b", { id: "x", name: "Ada" }),
      cloudEvent(type, "c", { id: 3, name: "Ada" }),
    ];
    expect(await post(batch)).toMatchObject({
      status: 202,
      body: {
        accepted: 2,
        rejected: [
          {
            index: 1,
            id: "b",
            code: "schema-violation",
            problems: [{ path: "/id", reason: "must be integer" }],
          },
        ],
      },
    });
    const stored = await api.sql`select id from events where id in ('a', 'b', 'c') order by position`;
    expect(stored.map(({ id }) => id)).toEqual(["a", "c"]);
  });

  test("is marked where a process let something pass before it had heard of the policy", async () => {
    const type = "late";
    await register(type, ["1.0", USER_1]);
    await enforce(type);
    const [passed] = await appendTestEvents(api.sql, [json({ id: 1 }, { type })]);
    while (await markViolationsOnce(api.ctx));
    const page = await api.ask("GET", `/api/v1/types/${type}/violations`);
    expect(page.body.violations).toMatchObject([{ position: passed, problems: [{ path: "/name" }] }]);
  });

  test("answers a repeat of what was stored before as the first time", async () => {
    const type = "repeated";
    const event = cloudEvent(type, "early", { id: "no integer" });
    await post(event);
    await register(type, ["1.0", USER_1]);
    await enforce(type);
    expect(await post(event)).toMatchObject({ status: 202, body: { duplicates: 1 } });
  });

  test("refuses appends to streams, and what was published from a transaction", async () => {
    const type = "streamed";
    await register(type, ["1.0", USER_1]);
    await enforce(type);
    const append = { expectedVersion: "none", events: [{ id: "s1", type, data: { id: 1 } }] };
    expect(await api.ask("POST", "/api/v1/streams/user/1", append)).toMatchObject({
      status: 400,
      body: { code: "schema-violation", problems: [{ path: "/name" }] },
    });
    expect((await api.ask("GET", "/api/v1/streams/user/1")).status).toBe(404);
    const published = { type, source: "/shop", data: { encoding: "json", text: "{}" } } as const;
    const event = completeEvent(published, { id: "p1", time: "2025-11-22T10:00:00.000Z" });
    await api.sql.begin((tx) => publish(tx, event));
    await relayOutboxOnce(api.ctx);
    const [row] = await api.sql`select refused_reason from outbox`;
    expect(row?.refused_reason).toContain("It violates the schema of streamed 1.0: /id is required");
  });

  test("says first what it would refuse, and changes nothing then", async () => {
    const type = "measured";
    await api.append([json({ id: 1, name: "Ada" }, { type }), json({ id: 2 }, { type })]);
    expect((await enforce(type)).status).toBe(404);
    await register(type, ["1.0", USER_1]);
    expect((await enforce(type, { dryRun: true })).body).toMatchObject({
      policy: "observe",
      measured: { events: 2, violating: 1, examples: [{ path: "/name", reason: "is required" }] },
    });
    expect((await post(cloudEvent(type, "m", { id: 3 }))).status).toBe(202);
    await enforce(type);
    expect((await post(cloudEvent(type, "m2", { id: 3 }))).status).toBe(400);
    await api.ask("PUT", `/api/v1/types/${type}/policy`, { policy: "observe" });
    expect((await post(cloudEvent(type, "m2", { id: 3 }))).status).toBe(202);
  });
});

describe("Event types", () => {
  test("are listed with what was seen of them, with and without a schema", async () => {
    await api.append([
      json({ id: 1 }, { type: "list.a", source: "/shop", extensions: { dataversion: 1 } }),
      json({ id: 2, note: "x" }, { type: "list.a", source: "/shop" }),
      { type: "list.b", source: "/mail", data: { encoding: "text", text: "hello" } },
    ]);
    await register("list.c", ["1.0", USER_1]);
    await api.ask("PUT", "/api/v1/subscriptions/reader", {
      target: { kind: "handler", name: "reader" },
      filters: [{ exact: { type: "list.a" } }],
    });
    while (await countHoursOnce(api.ctx));
    const page = await api.ask("GET", "/api/v1/types?q=list.&limit=2");
    expect(page.body).toMatchObject({
      types: [
        {
          type: "list.a",
          policy: null,
          versions: [],
          events: 2,
          sample: {
            events: 2,
            versions: expect.arrayContaining(["1", null]),
            producers: ["/shop"],
            fields: ["/id", "/note"],
          },
          consumers: ["reader"],
        },
        { type: "list.b", events: 1, sample: { producers: ["/mail"], fields: [] }, consumers: [] },
      ],
      nextAfter: "list.b",
    });
    const rest = await api.ask("GET", "/api/v1/types?q=list.&after=list.b");
    expect(rest.body).toMatchObject({
      types: [{ type: "list.c", policy: "observe", versions: ["1.0"], events: 0, sample: { events: 0 } }],
      nextAfter: null,
    });
  });

  test("have a schema inferred that their payloads are valid by", async () => {
    const type = "inferred";
    await api.append([
      json({ id: 1, email: "ada@example.com" }, { type }),
      json({ id: 2, email: "alan@example.com", age: 41.5 }, { type }),
      { type, data: { encoding: "none" } },
    ]);
    const { body } = await api.ask("GET", `/api/v1/types/${type}`);
    expect(body.inferred).toMatchObject({
      read: 2,
      skipped: 1,
      schema: {
        type: "object",
        required: ["email", "id"],
        properties: { id: { type: "integer" }, email: { format: "email" }, age: { type: "number" } },
      },
      fields: expect.arrayContaining([
        { path: "/age", count: 1, share: 0.5, types: ["number"], format: null },
      ]),
    });
    const checked = await api.ask("POST", `/api/v1/schemas/${type}/1.0/check`, {
      schema: body.inferred.schema,
    });
    // The event without data is none that the schema takes.
    expect(checked.body).toMatchObject({ problems: [], measured: { events: 3, violating: 1 } });
  });

  test("that nobody has heard of are not there", async () => {
    expect(await api.ask("GET", "/api/v1/types/unheard")).toMatchObject({ status: 404 });
    expect((await api.ask("GET", "/api/v1/types/unheard/violations")).body).toMatchObject({ violations: [] });
  });
});
