import { describe, expect, test } from "vitest";
import type { SubscriptionDto } from "#server/contract/subscriptions.ts";
import { readDraft, readDraftRetry } from "./read-draft.ts";
import { draftOf, EMPTY_DRAFT } from "./subscription-draft.ts";

const HTTP_DRAFT = { ...EMPTY_DRAFT, consumer: "mailer", url: "https://mail.example/events" };

const SUBSCRIPTION: SubscriptionDto = {
  consumer: "ledger",
  channel: "payments",
  filters: [{ prefix: { type: "payment." } }],
  target: { kind: "http", url: "https://ledger.example/", headerNames: ["X-Tenant"], secretCount: 1 },
  ordering: "key",
  onDead: "continue",
  concurrency: 4,
  retry: { retries: 5, baseMs: 200, factor: 3, capMs: 9_000, jitter: "none" },
  timeoutMs: 2_000,
  state: "active",
  pausedAt: null,
  position: "1763779916123456",
  generation: 0,
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
};

describe("A subscription's draft", () => {
  test("with a name and an address is complete", () => {
    expect(readDraft(HTTP_DRAFT, [])).toMatchObject({
      kind: "valid",
      body: { channel: "*", filters: [], target: { kind: "http", url: HTTP_DRAFT.url }, startFrom: "now" },
    });
  });

  test("names each field that is missing or can't be read", () => {
    const draft = { ...EMPTY_DRAFT, filters: "[{", concurrency: "many", start: "position" as const };
    expect(readDraft(draft, [])).toEqual({
      kind: "invalid",
      problems: [
        { field: "consumer", kind: "required" },
        { field: "filters", kind: "not-json" },
        { field: "url", kind: "required" },
        { field: "concurrency", kind: "not-whole" },
        { field: "startPosition", kind: "required" },
      ],
    });
  });

  test("says where in the filters a mistake is", () => {
    const read = readDraft({ ...HTTP_DRAFT, filters: '[{"prefix":{"data":"x"}}]' }, []);
    expect(read).toEqual({
      kind: "invalid",
      problems: [
        {
          field: "filters",
          kind: "refused",
          at: "0.prefix.data",
          message: "Filters look at attributes, not into data.",
        },
      ],
    });
  });

  test.each([
    ["a name with a space", { consumer: "my mailer" }, { field: "consumer", kind: "name" }],
    ["the name of another consumer", { consumer: "ledger" }, { field: "consumer", kind: "taken" }],
    ["an address without a protocol", { url: "mail.example" }, { field: "url", kind: "url" }],
    ["an address that is no web address", { url: "ftp://mail.example" }, { field: "url", kind: "url" }],
    ["a secret of another kind", { secrets: "hunter2" }, { field: "secrets", kind: "secret" }],
    ["headers that are a list", { headers: "[1]" }, { field: "headers", kind: "headers-shape", at: "" }],
    [
      "a header that is a number",
      { headers: '{"a":1}' },
      { field: "headers", kind: "headers-shape", at: "a" },
    ],
    [
      "filters that are no list",
      { filters: '{"exact":{}}' },
      { field: "filters", kind: "filters-shape", at: "" },
    ],
    ["an unknown dialect", { filters: '[{"has":{}}]' }, { field: "filters", kind: "filters-shape", at: "0" }],
    ["no deliveries at once", { concurrency: "0" }, { field: "concurrency", kind: "too-small", limit: 1 }],
    [
      "too long a timeout",
      { timeoutMs: "3600001" },
      { field: "timeoutMs", kind: "too-big", limit: 3_600_000 },
    ],
    ["half a retry", { retries: "1.5" }, { field: "retries", kind: "not-whole" }],
    ["a factor that shrinks", { factor: "0.5" }, { field: "factor", kind: "too-small", limit: 1 }],
    ["a factor in words", { factor: "two" }, { field: "factor", kind: "not-a-number" }],
    ["a cap of days", { capMs: "86400001" }, { field: "capMs", kind: "too-big", limit: 86_400_000 }],
    [
      "a position that is none",
      { start: "position" as const, startPosition: "last" },
      { field: "startPosition", kind: "position" },
    ],
  ])("with %s says so at its field", (_, change, problem) => {
    expect(readDraft({ ...HTTP_DRAFT, ...change }, ["ledger"])).toEqual({
      kind: "invalid",
      problems: [problem],
    });
  });

  test("takes every part of a retry policy", () => {
    const draft = { ...HTTP_DRAFT, retries: "8", baseMs: "250", factor: "1.5", capMs: "5000" };
    const retry = { retries: 8, baseMs: 250, factor: 1.5, capMs: 5000, jitter: "none" };
    expect(readDraft({ ...draft, jitter: "none" }, [])).toMatchObject({ kind: "valid", body: { retry } });
    expect(readDraftRetry({ ...draft, jitter: "none" })).toEqual(retry);
    expect(readDraftRetry({ ...draft, factor: "0" })).toBeNull();
    expect(readDraftRetry({ ...draft, retries: "" })).toBeNull();
  });

  test("that changes a subscription begins with all of it", () => {
    const read = readDraft({ ...draftOf(SUBSCRIPTION), retries: "7" }, null);
    expect(read).toMatchObject({
      kind: "valid",
      body: {
        channel: "payments",
        filters: SUBSCRIPTION.filters,
        ordering: "key",
        onDead: "continue",
        concurrency: 4,
        timeoutMs: 2_000,
        retry: { retries: 7, baseMs: 200, factor: 3, capMs: 9_000, jitter: "none" },
      },
    });
    expect(read.kind === "valid" && "startFrom" in read.body).toBe(false);
  });
});
