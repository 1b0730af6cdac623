import { expect, test } from "vitest";
import { runActionInputSchema } from "#server/contract/processes.ts";
import { RUN_ACTIONS } from "#server/domain/processes/run-action.ts";
import { readDraft } from "./action-draft.ts";

const EMPTY = { step: null, reason: "", replyText: "", isKeyNew: false };

test.each(RUN_ACTIONS)("what is sent to %s is what the API takes", (action) => {
  for (const step of [null, "payment"]) {
    const body = readDraft(action, {
      step: action === "retry" || action === "skip" ? step : null,
      reason: " They called ",
      replyText: ' {"paid": true} ',
      isKeyNew: true,
    });
    expect(body).toMatchObject({ action, reason: "They called" });
    expect(runActionInputSchema.safeParse({ ...body, expectedVersion: 3 }).success).toBe(true);
  }
});

test("leaves out what was not filled in", () => {
  expect(readDraft("retry", EMPTY)).toEqual({ action: "retry" });
  expect(readDraft("skip", { ...EMPTY, step: "mail" })).toEqual({ action: "skip", step: "mail" });
  expect(readDraft("cancel", EMPTY)).toEqual({ action: "cancel" });
});

test("takes no reply that is not JSON", () => {
  expect(readDraft("skip", { ...EMPTY, replyText: "{paid" })).toBeNull();
  expect(readDraft("skip", { ...EMPTY, replyText: "null" })).toEqual({ action: "skip", reply: null });
  // Nobody reads it there.
  expect(readDraft("retry", { ...EMPTY, replyText: "{paid" })).toEqual({ action: "retry" });
});
