import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const at = (rest = "") => `/api/v1/scenarios/comparison${rest}`;
type Answer = { systems: { runningSince: string | null; rate: number; story: { preset: string } | null }[] };

test("all systems that take orders are started, told a story, spared it, and stopped at once", async () => {
  expect((await api.ask("POST", at("/presets/stock-is-down"))).status).toBe(409);
  const started = await api.ask("POST", at("/start"), { rate: 2 });
  expect(started.status).toBe(200);
  const running = (body: Answer) => body.systems.filter(({ runningSince }) => runningSince !== null).length;
  expect(running(started.body)).toBe(3);
  expect(started.body.systems.map(({ rate }: { rate: number }) => rate)).toEqual([2, 2, 2]);

  const told = await api.ask("POST", at("/presets/stock-is-down?minutes=1"));
  expect(told.body).toMatchObject({ minutes: 1 });
  const presetsOf = (body: Answer) => body.systems.map(({ story }) => story?.preset);
  expect(presetsOf(told.body)).toEqual(Array(3).fill("stock-is-down"));
  const { body: list } = await api.ask("GET", "/api/v1/scenarios");
  const disturbed = list.scenarios.filter(({ presets }: { presets: { endsAt: string | null }[] }) =>
    presets.some(({ endsAt }) => endsAt !== null),
  );
  expect(disturbed).toHaveLength(3);

  const spared = await api.ask("DELETE", at("/presets/stock-is-down"));
  expect(presetsOf(spared.body)).toEqual(Array(3).fill("stock-is-down"));
  expect(running((await api.ask("POST", at("/stop"))).body)).toBe(0);
});

test("what can't be compared is refused, and says why", async () => {
  expect((await api.ask("GET", at("?minutes=61"))).status).toBe(400);
  const fast = await api.ask("POST", at("/start"), { rate: 21 });
  expect(fast).toMatchObject({ status: 400 });
  expect(fast.body.detail).toContain("up to 20 a second");
  const unknown = await api.ask("POST", at("/presets/told-twice"));
  expect(unknown).toMatchObject({ status: 404 });
  expect(unknown.body.detail).toContain("mail-is-slow, stock-is-down");
});
