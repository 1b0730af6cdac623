import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "#server/bus/testing/open-bus.ts";
import { USER_1, USER_2 } from "#server/schemas/testing/user-schemas.ts";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const register = async (type: string) => {
  for (const [version, body] of Object.entries({ "1.0": USER_1, "2.0": USER_2 })) {
    expect((await api.ask("PUT", `/api/v1/schemas/${type}/${version}`, body)).status).toBe(201);
  }
};

describe("An upcast event", () => {
  test("is shown in the newest version when asked for, beside the original", async () => {
    const type = "user.registered";
    await register(type);
    const text = '{"id": 12345678901234567890, "name": "Ada"}';
    const [position] = await api.append([
      { type, data: { encoding: "json", text }, extensions: { dataversion: "1.0" } },
    ]);
    const upcast = '{"id": 12345678901234567890, "full_name": "Ada"}';
    const plain = await api.ask("GET", `/api/v1/events/${position}`);
    expect(plain.body).toMatchObject({ data: { text }, schema: { version: "1.0", upcast: null } });
    const shown = await api.ask("GET", `/api/v1/events/${position}?upcast=newest`);
    expect(shown.body).toMatchObject({
      data: { text },
      schema: { upcast: { kind: "upcast", from: "1.0", to: "2.0", text: upcast } },
    });
    const envelope = await api.ask("GET", `/api/v1/events/${position}?upcast=newest`, undefined, {
      accept: "application/cloudevents+json",
    });
    expect(envelope.body).toMatchObject({ dataversion: "2.0", data: { full_name: "Ada" } });
    const [row] = await api.sql`select data_text from events where position = ${position ?? ""}`;
    expect(row).toEqual({ data_text: text });
  });

  test("reaches a handler that reads the newest version, and the original one that does not", async () => {
    const type = "user.moved";
    await register(type);
    const event = (data: unknown) => ({
      type,
      data: { encoding: "json" as const, text: JSON.stringify(data) },
      extensions: { dataversion: "1.0" },
    });
    const seen: Record<string, string[]> = { newest: [], original: [], batch: [] };
    const note = (name: string) => async (event: { data: unknown; extensions: unknown }) => {
      seen[name]?.push(JSON.stringify([event.data, event.extensions]));
    };
    api.handlers.register("newest", { reads: "newest", transaction: "none", handle: note("newest") });
    api.handlers.register("original", { transaction: "none", handle: note("original") });
    api.handlers.register("batch", { reads: "newest", transaction: "batch", handle: note("batch") });
    const filters = [{ exact: { type } }];
    for (const name of Object.keys(seen)) await api.subscribe(name, { filters });
    await api.append([event({ id: 1, name: "Ada" }), event({ id: 2, name: "Ada", full_name: "Ada" })]);
    const bus = await api.startBus();
    try {
      const isDone = async () => {
        const [row] = await api.sql`select count(*)::int as dead from deliveries where status = 4`;
        return row?.dead === 2 && seen.original?.length === 2 && seen.newest?.length === 1;
      };
      await until(isDone);
    } finally {
      await bus.stop();
    }
    const named = (text: object, dataversion: string) =>
      JSON.stringify([{ encoding: "json", text: JSON.stringify(text) }, { dataversion }]);
    expect(seen.newest).toEqual([named({ id: 1, full_name: "Ada" }, "2.0")]);
    expect(seen.batch?.at(-1)).toBe(named({ id: 1, full_name: "Ada" }, "2.0"));
    expect(seen.original?.[0]).toBe(named({ id: 1, name: "Ada" }, "1.0"));
  });
});
