import { expect, test } from "vitest";
import { auditReason, auditWords } from "./audit-words.ts";

test.each([
  ["failure-case.assigned", { owner: "Ada" }, { key: "assigned", owner: "Ada" }],
  ["failure-case.assigned", { owner: null }, { key: "unassigned" }],
  ["failure-case.assigned", { owner: " " }, { key: "assigned", owner: " " }],
  ["failure-case.muted", { untilMs: 0 }, { key: "muted", until: "1970-01-01T00:00:00.000Z" }],
  ["failure-case.linked", { ticketUrl: "https://tickets.example/1" }, { key: "linked" }],
  ["failure-case.linked", { ticketUrl: null }, { key: "unlinked" }],
  ["replay.cancelled", { reason: "Not needed" }, { key: "cancelled" }],
  ["channel.created", {}, { key: "other", action: "channel.created" }],
])("%s with %j is said in words", (action, details, words) => {
  expect(auditWords({ action, details, subject: "failure-case:1" }, "failure-case:1")).toEqual(words);
});

test("what was done with all letters of a case names the replay, or says how many they were", () => {
  const started = { action: "replay.started", details: { reason: "Mended" }, subject: "replay:7" };
  expect(auditWords(started, "failure-case:1")).toEqual({ key: "replay", did: "started", id: 7 });
  expect(auditWords(started, "replay:7")).toEqual({ key: "started" });
  const discarded = { action: "dead-letters.discarded", details: { count: 3 }, subject: "dead-letters" };
  expect(auditWords(discarded, "failure-case:1")).toEqual({ key: "discarded", count: 3 });
});

test("an empty reason is none", () => {
  expect(auditReason({ details: { reason: "" } })).toBeNull();
  expect(auditReason({ details: {} })).toBeNull();
  expect(auditReason({ details: { reason: "Not needed" } })).toBe("Not needed");
});
