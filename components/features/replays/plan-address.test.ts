import { expect, test } from "vitest";
import { replayOptionsSchema } from "#server/contract/replays.ts";
import { planHref } from "./plan-address.ts";

test("a plan that goes as usual has a short address", () => {
  expect(planHref({ kind: "case", case: 7 }, replayOptionsSchema.parse({ canary: 10 }))).toBe(
    "/dead-letters/replays/new?case=7",
  );
});

test("what differs is taken over, with the edit", () => {
  const options = replayOptionsSchema.parse({
    to: "all",
    ratePerSecond: 2.5,
    stop: null,
    edit: { kind: "merge-patch", text: '{"a":1}' },
  });
  const url = new URL(planHref({ kind: "case", case: 7 }, options), "http://127.0.0.1");
  expect(Object.fromEntries(url.searchParams)).toEqual({
    case: "7",
    to: "all",
    rate: "2.5",
    stop: "",
    edit: "merge-patch",
  });
  expect(decodeURIComponent(url.hash)).toBe('#edit={"a":1}');
});
