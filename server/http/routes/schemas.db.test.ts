import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TOPICS_CHANNEL } from "#drizzle/queries/notices.ts";
import { until } from "#server/bus/testing/open-bus.ts";
import { SCHEMAS_TOPIC } from "#server/schemas/record-change.ts";
import { SchemaRegistry } from "#server/schemas/schema-registry.ts";
import { USER_1, USER_2 } from "#server/schemas/testing/user-schemas.ts";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const put = (type: string, version: string, body: unknown) =>
  api.ask("PUT", `/api/v1/schemas/${type}/${version}`, body);
const actionsOn = async (subject: string) => {
  const rows = await api.sql<{ action: string }[]>`
    select action from audit_log where subject = ${subject} order by id`;
  return rows.map(({ action }) => action);
};

describe("A version of a schema", () => {
  test("is registered once: a repeat changes nothing, and what is not the schema may change", async () => {
    const made = await put("once", "1.0", USER_1);
    expect(made).toMatchObject({
      status: 201,
      body: { type: "once", version: "1.0", compatibility: "backward", upcasters: [], ...USER_1 },
    });
    const reordered = { schema: Object.fromEntries(Object.entries(USER_1.schema).reverse()) };
    expect(await put("once", "1.0", reordered)).toEqual({ status: 200, body: made.body });
    expect(await put("once", "1.0", { ...USER_1, compatibility: "full" })).toMatchObject({
      status: 200,
      body: { compatibility: "full", createdAt: made.body.createdAt },
    });
    expect(await api.ask("GET", "/api/v1/schemas/once/1.0")).toMatchObject({
      status: 200,
      body: { compatibility: "full" },
    });
    expect(await actionsOn("once")).toEqual(["schema.registered", "schema.changed"]);
  });

  test("keeps its schema, and its spelling", async () => {
    await put("kept", "1.0", USER_1);
    expect(await put("kept", "1.0", { schema: true })).toMatchObject({
      status: 409,
      body: { code: "conflict", detail: expect.stringContaining("a schema never changes") },
    });
    expect(await put("kept", "1", USER_1)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("the same as 1.0") },
    });
  });

  test("that breaks its promise is refused by the name of the field", async () => {
    await put("promised", "1.0", USER_1);
    const { schema } = USER_2;
    const refused = await put("promised", "2.0", { schema });
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: "incompatible",
        detail: expect.stringContaining("/full_name"),
        breaks: [{ direction: "backward", older: "1.0", newer: "2.0", path: "/full_name" }],
      },
    });
    expect((await put("promised", "2.0", { schema, compatibility: "none" })).status).toBe(201);
    // What 2.0 promised is nothing, but 1.5 promises to take the data of 1.0.
    expect(await put("promised", "1.5", { schema })).toMatchObject({
      status: 409,
      body: { breaks: [{ older: "1.0", newer: "1.5", path: "/full_name" }] },
    });
    const list = await api.ask("GET", "/api/v1/schemas/promised");
    expect(list.body).toMatchObject({
      policy: "observe",
      versions: [{ version: "1.0" }, { version: "2.0" }],
    });
    expect(await actionsOn("promised")).toEqual(["schema.registered", "schema.registered"]);
  });

  test("before another one must not break what that one promised", async () => {
    await put("between", "1.0", { schema: true });
    await put("between", "3.0", { schema: true });
    const open = { schema: { type: "object", properties: { a: { type: "string" } } }, compatibility: "none" };
    expect((await put("between", "2.0", open)).status).toBe(201);
    expect(
      (await put("between", "4.0", { schema: { type: "object" }, compatibility: "forward" })).status,
    ).toBe(201);
    expect(await put("between", "3.5", { schema: { type: "string" }, compatibility: "none" })).toMatchObject({
      status: 409,
      body: { breaks: [{ direction: "forward", older: "3.5", newer: "4.0" }] },
    });
  });

  test.each([
    ["no schema", "1.0", { schema: { type: "text" } }, "invalid-schema", "/type"],
    ["no dialect of ours", "1.0", { schema: { nullable: true } }, "invalid-schema", "/nullable"],
    ["no version", "1 0", { schema: true }, "invalid", "version"],
    [
      "a step that is none",
      "2.0",
      { schema: true, upcasters: [{ from: "1.0", steps: [{ kind: "drop", at: "name" }] }] },
      "invalid",
      "upcasters.0.steps.0",
    ],
  ])("with %s is refused", async (_, version, body, code, detail) => {
    expect(await put("odd", encodeURIComponent(version), body)).toMatchObject({
      status: 400,
      body: { code, detail: expect.stringContaining(detail) },
    });
  });

  test("that upcasts from itself is refused", async () => {
    expect(await put("circle", "1.0", { ...USER_2 })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("comes from that version itself") },
    });
  });

  test("is taken out with its audit row, and the policy with the last one", async () => {
    await put("leaving", "1.0", USER_1);
    await put("leaving", "2.0", USER_2);
    await api.ask("PUT", "/api/v1/types/leaving/policy", { policy: "enforce" });
    expect((await api.ask("DELETE", "/api/v1/schemas/leaving/3.0")).status).toBe(404);
    expect((await api.ask("DELETE", "/api/v1/schemas/leaving/1.0")).status).toBe(204);
    expect((await api.ask("GET", "/api/v1/schemas/leaving")).body).toMatchObject({
      policy: "enforce",
      versions: [{ version: "2.0" }],
    });
    await api.ask("DELETE", "/api/v1/schemas/leaving/2.0");
    expect(await api.ask("GET", "/api/v1/schemas/leaving")).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining("Register one first") },
    });
    expect((await put("leaving", "1.0", USER_1)).status).toBe(201);
    expect((await api.ask("GET", "/api/v1/schemas/leaving")).body.policy).toBe("observe");
    expect(await actionsOn("leaving")).toEqual([
      "schema.registered",
      "schema.registered",
      "schema-policy.changed",
      "schema.deleted",
      "schema.deleted",
      "schema.registered",
    ]);
  });

  test("is known to other processes as soon as they hear of it", async () => {
    const heard: string[] = [];
    const { unlisten } = await api.sql.listen(TOPICS_CHANNEL, (topic) => heard.push(topic));
    const other = new SchemaRegistry(api.sql, api.ctx);
    await other.reload();
    await put("told", "1.0", USER_1);
    await until(() => heard.includes(SCHEMAS_TOPIC));
    expect(other.find("told")).toBeNull();
    await other.reload();
    expect(other.find("told")).toMatchObject({ policy: "observe" });
    await api.ask("DELETE", "/api/v1/schemas/told/1.0");
    await other.reload();
    expect(other.find("told")).toBeNull();
    await unlisten();
  });
});

describe("A trial of a schema", () => {
  const check = (type: string, version: string, body: unknown) =>
    api.ask("POST", `/api/v1/schemas/${type}/${version}/check`, body);
  const users = [
    { id: 1, name: "Ada" },
    { id: 2, name: "Grace" },
    { id: "3", name: "Alan" },
  ];

  test("says what would break, and which of the newest events would violate it, and changes nothing", async () => {
    const positions = await api.append(
      users.map((data) => ({
        type: "tried",
        data: { encoding: "json" as const, text: JSON.stringify(data) },
      })),
    );
    expect((await check("tried", "1.0", USER_1)).body).toMatchObject({
      problems: [],
      refusal: null,
      comparedWith: null,
      breaks: [],
      measured: {
        events: 3,
        violating: 1,
        examples: [{ position: positions[2], version: null, path: "/id", reason: "must be integer" }],
      },
    });
    await put("tried", "1.0", USER_1);
    expect((await check("tried", "2.0", { schema: USER_2.schema })).body).toMatchObject({
      comparedWith: "1.0",
      breaks: [{ path: "/full_name" }],
      // They name no version, and 1.0 still takes two of them.
      measured: { events: 3, violating: 1 },
    });
    expect((await check("tried", "2.0", { schema: { type: "thing" } })).body).toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ path: "/type" })]),
      measured: null,
    });
    expect((await api.ask("GET", "/api/v1/schemas/tried")).body.versions).toHaveLength(1);
  });

  test("of a type that nobody has sent says so", async () => {
    expect((await check("unheard", "1.0", USER_1)).body).toMatchObject({
      measured: { events: 0, violating: 0, from: null },
    });
  });
});

test("the API describes these routes", async () => {
  const { paths } = (await api.ask("GET", "/api/v1/openapi.json")).body;
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      "/api/v1/schemas/{type}",
      "/api/v1/schemas/{type}/{version}",
      "/api/v1/schemas/{type}/{version}/check",
      "/api/v1/types",
      "/api/v1/types/{type}",
      "/api/v1/types/{type}/violations",
      "/api/v1/types/{type}/policy",
    ]),
  );
});
