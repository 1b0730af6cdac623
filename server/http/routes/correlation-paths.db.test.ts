import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let system: TestApi;
beforeAll(async () => {
  system = await openTestApi();
});
afterEach(() => system.sql`delete from correlation_paths`);
afterAll(() => system.close());

const PATHS = "/api/v1/correlation-paths";
const create = (type: string, path: string) => system.ask("POST", PATHS, { type, path });

test("paths are listed in the order in which they are asked, and who made and deleted them is written down", async () => {
  const { status, body } = await create("order.*", "data.order_id");
  expect([status, body]).toEqual([
    201,
    {
      id: expect.any(Number),
      type: "order.*",
      path: "data.order_id",
      createdAt: expect.stringMatching(/Z$/),
    },
  ]);
  await create("*", "data.order.id");
  const { body: list } = await system.ask("GET", PATHS);
  expect(list.paths.map(({ path }: { path: string }) => path)).toEqual(["data.order_id", "data.order.id"]);
  expect((await system.ask("DELETE", `${PATHS}/${body.id}`)).status).toBe(204);
  expect((await system.ask("GET", PATHS)).body.paths).toMatchObject([{ type: "*" }]);
  const entries = await system.sql`
    select actor, action, subject, details from audit_log where action like 'correlation-path.%' order by id`;
  expect(entries).toMatchObject([
    { action: "correlation-path.created", subject: "data.order_id", details: { type: "order.*" } },
    { action: "correlation-path.created", subject: "data.order.id" },
    { action: "correlation-path.deleted", subject: "data.order_id", details: { id: body.id } },
  ]);
});

test("what is no path, and what is there already, is refused with what to do", async () => {
  const detail = async (type: string, path: string, status = 400) => {
    const answer = await create(type, path);
    expect([answer.status, answer.body.code]).toEqual([status, status === 409 ? "conflict" : "invalid"]);
    return answer.body.detail;
  };
  for (const path of ["order_id", "data", "data.", "data..id", "$.data.id"]) {
    expect(await detail("*", path)).toContain("Begin with `data` and name members, such as data.order_id.");
  }
  expect(await detail("", "data.id")).toContain("type");
  expect(await detail(" order.*", "data.id")).toContain("a glob such as order.*");
  expect(await detail("a\u0000", "data.id")).toContain("NUL");
  await create("order.*", "data.id");
  expect(await detail("order.*", "data.id", 409)).toContain("already");
  expect((await system.ask("POST", PATHS, { type: "*" })).status).toBe(400);
  expect((await system.ask("DELETE", `${PATHS}/123456789`)).status).toBe(404);
  expect((await system.ask("DELETE", `${PATHS}/one`)).status).toBe(400);
});

test("two who make the same path make one, and there are at most a hundred", async () => {
  const answers = await Promise.all([1, 2, 3].map(() => create("parcel.*", "data.parcel")));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  await system.sql`
    insert into correlation_paths (type, path) select 't' || n, 'data.id' from generate_series(2, 100) n`;
  const { status, body } = await create("one.too.many", "data.id");
  expect([status, body.detail]).toEqual([409, "There are 100 paths. Delete one that isn't needed any more."]);
});
