import { afterAll, beforeAll, expect, test } from "vitest";
import { appendTestEvents } from "#drizzle/testing/events.ts";
import { getStream } from "../streams/get-stream.ts";
import { accountAppend, openTestStreams, type TestStreams } from "../streams/testing/open-streams.ts";
import { keepPartitions } from "./keep-partitions.ts";

let store: TestStreams;
beforeAll(async () => {
  store = await openTestStreams();
});
afterAll(() => store.close());

const read = (id: string) => getStream(store.ctx, "account", id, { limit: 1000 });

test("the events of streams stay when the log lets their day go", async () => {
  const text = '{"balance":12345678901234567890.10}';
  await store.streams.append(
    accountAppend("kept", 0, ["kept-1", "kept-2"], {
      data: { encoding: "json", text },
      time: "2025-01-02T03:04:05.678Z",
      correlationId: "flow-1",
      extensions: { tenant: "acme", attempt: 3 },
    }),
  );
  await store.streams.append(
    accountAppend("kept", 2, ["kept-3"], {
      data: { encoding: "binary", bytes: new Uint8Array([0, 255, 7]) },
    }),
  );
  // Not looked at before its day goes.
  await appendTestEvents(
    store.sql,
    [1, 2].map((aggregateVersion) => ({ aggregateType: "account", aggregateId: "late", aggregateVersion })),
  );
  const before = await read("kept");
  const { clock, env } = store.ctx;
  const daysOn = new Date(clock.now().getTime() + (env.retentionDays + 2) * 86_400_000);
  await keepPartitions({ ...store.ctx, clock: { ...clock, now: () => daysOn } });

  expect(await store.sql`select position from events`).toEqual([]);
  expect((await store.sql`select first from identity_batches`).length).toBe(0);
  const after = await read("kept");
  expect(after).toEqual({
    ...before,
    events: before.events.map((event) => ({ ...event, shape: "internal" })),
  });
  expect(after.events[0]?.data.text).toBe(text);
  expect((await read("late")).events.map(({ version }) => version)).toEqual([1, 2]);
  // The stream goes on where it stood.
  expect(await store.streams.append(accountAppend("kept", 3, ["kept-4"]))).toMatchObject({ firstVersion: 4 });
  expect((await read("kept")).events.map(({ id }) => id)).toEqual(["kept-1", "kept-2", "kept-3", "kept-4"]);
});
