import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { copyEvents, insertEvents, SEALED_SINCE } from "#drizzle/queries/event-writing.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { getEventById } from "../events/get-event.ts";
import { wantedNames } from "../names/wanted-names.ts";
import { accountAppend } from "../streams/testing/open-streams.ts";
import {
  asDuplicates,
  openSealing,
  reading,
  readings,
  SEALING_SOURCE,
  type TestSealing,
} from "./testing/open-sealing.ts";

let store: TestSealing;
beforeEach(async () => {
  store = await openSealing();
});
afterEach(() => store.close());

describe("Sealed identities", () => {
  test("leave the newest part, once there are more of them than it may hold", async () => {
    const { fill } = store.openProcess();
    await fill(readings("a", 90));
    expect(await store.seal()).toBe(false);
    expect([await store.countNewest(), await store.count("identity_runs")]).toEqual([90, 0]);
    await fill(readings("b", 210));
    expect(await store.seal()).toBe(true);
    expect([await store.countNewest(), await store.count("identity_runs")]).toEqual([20, 1]);
    expect(await store.seal()).toBe(false);
    await fill(readings("c", 300));
    expect(await store.seal()).toBe(true);
    expect([await store.countNewest(), await store.count("identity_runs")]).toEqual([20, 2]);
    const runs = await store.sql`select entries::int from identity_runs order by last`;
    expect(runs.map(({ entries }) => entries)).toEqual([280, 300]);
  });

  test("are taken for whoever writes, with old filters as with new ones, in batches and alone", async () => {
    const before = store.openProcess();
    const events = readings("a", 300);
    const stored = await before.fill(events);
    await store.seal();
    for (const { write } of [before, store.openProcess()]) {
      expect(await write(events)).toEqual(asDuplicates(stored));
      const outcomes = await write([reading("a-0"), reading("a-1", '"other"'), reading("a-299", '"other"')]);
      expect(outcomes.map(({ kind }) => kind)).toEqual(["duplicate", "conflict", "conflict"]);
      expect(await write([reading("a-7")])).toEqual(asDuplicates(stored.slice(7, 8)));
    }
    const mixed = await before.write([...readings("b", 50), ...events.slice(0, 50)]);
    expect(mixed.map(({ kind }) => kind)).toEqual([
      ...Array(50).fill("accepted"),
      ...Array(50).fill("duplicate"),
    ]);
    expect(await store.count("events")).toBe(350);
  });

  test.each([
    ["in one statement", insertEvents],
    ["by COPY", copyEvents],
  ])("refuse a writer that does not know their run: %s", async (_, append) => {
    const { fill, identities } = store.openProcess();
    await fill(readings("a", 300));
    const knownNow = async () => (await identities.claim([{ identities: [], checkedTo: [] }]))[0]?.known;
    const before = await knownNow();
    await store.seal();
    const again = readings("a", 3);
    const ids = await store.ctx.names.ensure(wantedNames(again.map(({ event }) => event)));
    await expect(append(store.sql, again, ids)).rejects.toMatchObject({ code: SEALED_SINCE });
    const fresh = readings("b", 3);
    await expect(append(store.sql, fresh, ids, before)).rejects.toMatchObject({
      code: SEALED_SINCE,
    });
    expect(await store.count("events")).toBe(300);
    await identities.refresh();
    await append(store.sql, fresh, ids, await knownNow());
    expect(await store.count("events")).toBe(303);
  });

  test("answer appends to streams that are sent again, also where the stream went on", async () => {
    const append = (...args: Parameters<typeof accountAppend>) =>
      store.streams.append(accountAppend(...args));
    const first = await append("kept", 0, ["kept-1", "kept-2"]);
    await append("kept", 2, ["kept-3"]);
    await store.openProcess().fill(readings("a", 300));
    await store.seal();
    expect((await store.ctx.identities.listTaken([eventIdentity("/accounts", "kept-1")])).size).toBe(1);
    expect(await store.countNewest()).toBeLessThan(100);
    for (const streams of [store.streams, store.another()]) {
      const [again, other, conflict, next] = await Promise.all([
        streams.append(accountAppend("kept", 0, ["kept-1", "kept-2"])),
        streams.append(accountAppend("other", 0, ["kept-3"])),
        streams.append(accountAppend("kept", 1, ["kept-4"])),
        streams.append(accountAppend("next", null, [`next-${streams === store.streams}`])),
      ]);
      expect(again).toEqual({ ...first, isRepeat: true });
      expect(other).toEqual({ kind: "identity-conflict", ids: ["kept-3"] });
      expect(conflict).toEqual({ kind: "version-conflict", actualVersion: 3 });
      expect(next).toMatchObject({ kind: "appended", isRepeat: false });
    }
  });

  test("are found by id, by a reader that has not heard of their run", async () => {
    await store.openProcess().fill(readings("a", 300));
    const before = await getEventById(store.ctx, "a-5", SEALING_SOURCE);
    await store.seal();
    expect(await getEventById(store.ctx, "a-5", SEALING_SOURCE)).toEqual(before);
    expect(await getEventById(store.ctx, "a-5", undefined)).toEqual(before);
    await expect(getEventById(store.ctx, "a-300", SEALING_SOURCE)).rejects.toThrow("No event with id a-300");
  });

  test("are compared whole: one that begins alike is another", async () => {
    const { fill, identities } = store.openProcess();
    await fill(readings("a", 300));
    await store.seal();
    const identity = eventIdentity(SEALING_SOURCE, "a-5");
    const twin = `${identity.slice(0, -1)}${identity.endsWith("0") ? "1" : "0"}`;
    expect([...(await identities.listTaken([identity, twin])).keys()]).toEqual([identity]);
  });

  test("count for nothing where the event is gone, until it is stored again", async () => {
    const { write, fill, identities } = store.openProcess();
    const [first] = await fill(readings("a", 300));
    await store.seal();
    await store.sql`delete from events where position = ${first?.position ?? ""}`;
    const [again] = await write([reading("a-0", '"again"')]);
    expect(again?.kind).toBe("accepted");
    await fill(readings("b", 300));
    await store.seal();
    expect(await store.countNewest()).toBe(20);
    expect(await write([reading("a-0", '"again"')])).toEqual(asDuplicates(again ? [again] : []));
    const taken = await identities.listTaken([eventIdentity(SEALING_SOURCE, "a-0")]);
    expect([...taken.values()]).toEqual([again?.position]);
  });

  test("are looked up where a filter is wrong about them", async () => {
    const events = readings("a", 300);
    const stored = await store.openProcess().fill(events);
    await store.seal();
    await store.sql`update identity_filters set bits = decode(repeat('ff', octet_length(bits)), 'hex')`;
    const { write } = store.openProcess();
    expect(await write(events)).toEqual(asDuplicates(stored));
    const fresh = await write(readings("b", 300));
    expect(fresh.every(({ kind }) => kind === "accepted")).toBe(true);
  });
});
