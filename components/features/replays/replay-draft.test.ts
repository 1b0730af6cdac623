import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { replayOptionsSchema } from "#server/contract/replays.ts";
import {
  DRAFT_DEFAULTS,
  defaultCanary,
  draftOfOptions,
  type ReplayDraft,
  readReplayDraft,
} from "./replay-draft.ts";

const draft = (typed: Partial<ReplayDraft> = {}): ReplayDraft => ({
  ...DRAFT_DEFAULTS,
  canary: "0",
  ...typed,
});
const problemsOf = (typed: Partial<ReplayDraft>) => {
  const read = readReplayDraft(draft(typed), null);
  return read.kind === "invalid" ? read.problems : [];
};

describe("what was typed", () => {
  test("begins as the API does", () => {
    expect(readReplayDraft(draft(), null)).toEqual({ kind: "valid", options: replayOptionsSchema.parse({}) });
  });

  test("keeps the digits of a percentage", () => {
    expect(readReplayDraft(draft({ stop: "7" }), null)).toMatchObject({ options: { stop: { share: 0.07 } } });
    expect(readReplayDraft(draft({ stop: "0.1" }), null)).toMatchObject({
      options: { stop: { share: 0.001 } },
    });
  });

  test("may leave out the rate, and when to stop with whatever stands beside it", () => {
    expect(readReplayDraft(draft({ rate: " ", stop: "", stopFrom: "" }), null)).toMatchObject({
      kind: "valid",
      options: { ratePerSecond: null, stop: null },
    });
  });

  test.each([
    [{ canary: "" }, "required"],
    [{ canary: "ten" }, "not-whole"],
    [{ canary: "1.5" }, "not-whole"],
    [{ canary: "-1" }, "not-whole"],
    [{ canary: "10001" }, "too-big"],
    [{ rate: "fast" }, "not-a-number"],
    [{ rate: "0" }, "too-small"],
    [{ concurrency: "0" }, "too-small"],
    [{ stop: "100" }, "too-big"],
    [{ stop: "1e1" }, "not-a-number"],
    [{ stopFrom: "0" }, "too-small"],
    [{ wait: "604801" }, "too-big"],
  ])("%o is not taken: %s", (typed, kind) => {
    expect(problemsOf(typed)).toEqual([expect.objectContaining({ field: Object.keys(typed)[0], kind })]);
  });

  test("whatever is taken, the API takes", () => {
    const digits = fc.oneof(
      fc.nat({ max: 2_000_000 }).map(String),
      fc.double({ min: 0, max: 200 }).map(String),
      fc.constant(""),
    );
    fc.assert(
      fc.property(
        digits,
        digits,
        digits,
        digits,
        digits,
        digits,
        (canary, rate, concurrency, stop, stopFrom, wait) => {
          const read = readReplayDraft(draft({ canary, rate, concurrency, stop, stopFrom, wait }), null);
          if (read.kind === "valid")
            expect(replayOptionsSchema.safeParse(read.options).error).toBeUndefined();
        },
      ),
    );
  });
});

test("options that are written and read are the same", () => {
  const options = replayOptionsSchema.parse({
    to: "all",
    retries: "none",
    canary: 25,
    ratePerSecond: 12.5,
    concurrency: 8,
    stop: { share: 0.07, minEnded: 3 },
    unknownAfterSeconds: 90,
  });
  expect(readReplayDraft(draftOfOptions(options), null)).toEqual({ kind: "valid", options });
  const endless = { ...options, stop: null, ratePerSecond: null };
  expect(readReplayDraft(draftOfOptions(endless), null)).toEqual({ kind: "valid", options: endless });
});

test("a single letter has no canary, a handful has one, more have ten", () => {
  expect([0, 1, 2, 10, 11, 500_000].map(defaultCanary)).toEqual([0, 0, 1, 1, 10, 10]);
});
