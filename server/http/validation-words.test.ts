import { describe, expect, test } from "vitest";
import { z } from "zod";
import { wordsFor } from "./validation-words.ts";

const shape = z.strictObject({
  kind: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("case") }),
    z.strictObject({ kind: z.literal("letters") }),
  ]),
  at: z.iso.datetime({ offset: true }),
  id: z.coerce.number().int().positive(),
  canary: z.int().min(0).max(10),
  share: z.number().lt(1),
  reason: z.string().trim().min(1).max(5),
  list: z.array(z.string()).min(1).max(2),
  to: z.enum(["consumer", "all"]),
  dryRun: z.boolean(),
  number: z.string().regex(/^\d+$/, "A number, such as 412."),
});
const GOOD = {
  kind: { kind: "case" },
  at: "2026-01-31T09:00:00Z",
  id: 1,
  canary: 1,
  share: 0.5,
  reason: "why",
  list: ["a"],
  to: "all",
  dryRun: true,
  number: "1",
};

describe("What is wrong with a request", () => {
  test("is nothing of what can be used", () => {
    expect(shape.safeParse(GOOD).success).toBe(true);
  });

  test.each([
    [{ kind: { kind: "planet" } }, 'Give one of "case", "letters".'],
    [{ at: "yesterday" }, "Give a moment with its offset, such as 2026-01-31T09:00:00Z."],
    [{ id: "abc" }, "Give a number, not something else."],
    [{ id: 0 }, "Give more than 0."],
    [{ canary: 1.5 }, "Give a whole number, not one with decimals."],
    [{ canary: "5" }, "Give a number, not a text."],
    [{ canary: -1 }, "Give 0 or more."],
    [{ canary: 11 }, "Give 10 or less."],
    [{ canary: undefined }, "It is missing. Give a number."],
    [{ share: 1 }, "Give less than 1."],
    [{ reason: "  " }, "It is empty. Give a text."],
    [{ reason: "longer" }, "It is longer than 5 characters. Shorten it."],
    [{ reason: null }, "Give a text, not null."],
    [{ list: [] }, "It is empty. Give at least one."],
    [{ list: ["a", "b", "c"] }, "These are more than 2. Give fewer at a time."],
    [{ list: "a" }, "Give a list, not a text."],
    [{ to: "moon" }, 'Give one of "consumer", "all".'],
    [{ dryRun: "yes" }, "Give true or false, not a text."],
    [{ number: "x" }, "A number, such as 412."],
    [{ colour: 1 }, 'There is no "colour" here. Leave it out, or mend its name.'],
  ])("%j is said with what to do: %s", (given, words) => {
    const { error } = shape.safeParse({ ...GOOD, ...given }, { error: wordsFor });
    expect(error?.issues.map(({ message }) => message)).toEqual([words]);
  });
});
