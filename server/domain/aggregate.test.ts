import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defineAggregate, evolveAll, rebuild, takeSnapshot, type VersionedEvent } from "./aggregate.ts";

type AccountEvents = { "account.opened": { owner: string }; "account.credited": { amount: number } };
const account = defineAggregate<{ owner: string | null; balance: number }, AccountEvents>({
  type: "account",
  initial: { owner: null, balance: 0 },
  stateVersion: 2,
  evolve: {
    "account.opened": (state, { owner }) => ({ ...state, owner }),
    "account.credited": (state, { amount }) => ({ ...state, balance: state.balance + amount }),
  },
});
const opened = { version: 1, type: "account.opened", data: { owner: "Aiko" } } as const;
const credited = (version: number, amount: number): VersionedEvent<AccountEvents> => ({
  version,
  type: "account.credited",
  data: { amount },
});

describe("rebuilding", () => {
  test("a stream without events is at version 0, in the initial state", () => {
    expect(rebuild(account, [])).toEqual({ state: account.initial, version: 0 });
  });

  test("the state is what the events add up to", () => {
    expect(rebuild(account, [opened, credited(2, 5), credited(3, 7)])).toEqual({
      state: { owner: "Aiko", balance: 12 },
      version: 3,
    });
  });

  test("a snapshot stands for the events in it", () => {
    const snapshot = { state: { owner: "Aiko", balance: 100 }, version: 2, stateVersion: 2 };
    expect(rebuild(account, [credited(3, 7)], snapshot)).toEqual({
      state: { owner: "Aiko", balance: 107 },
      version: 3,
    });
  });

  test("a snapshot of an older way to build states is not used", () => {
    const snapshot = { state: { owner: "?", balance: -1 }, version: 1, stateVersion: 1 };
    expect(rebuild(account, [opened], snapshot).state).toEqual({ owner: "Aiko", balance: 0 });
  });

  test("no state is made up where a version is missing", () => {
    expect(() => rebuild(account, [opened, credited(3, 7)])).toThrow(
      "After version 1 of this account comes 3.",
    );
  });

  test("no state is made up where a type is unknown, be it named like what every object has", () => {
    for (const type of ["account.closed", "toString"]) {
      // Stored before, or by, another version of this code.
      const foreign = { ...opened, type } as unknown as VersionedEvent<AccountEvents>;
      expect(() => rebuild(account, [foreign])).toThrow(`A account knows no "${type}".`);
    }
  });
});

test("a snapshot at any version, and any events over again, give the same state", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.nat(), fc.nat(), (amounts, at, from) => {
      const events = [opened, ...amounts.map((amount, index) => credited(index + 2, amount))];
      const whole = rebuild(account, events);
      const cut = at % (events.length + 1);
      const snapshot = takeSnapshot(account, rebuild(account, events.slice(0, cut)));
      expect(rebuild(account, events.slice(from % (cut + 1)), snapshot)).toEqual(whole);
      expect(evolveAll(account, snapshot.state, events.slice(cut))).toEqual(whole.state);
    }),
  );
});
