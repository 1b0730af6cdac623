import { describe, expect, test } from "vitest";
import type { SubscriptionDto } from "#server/contract/subscriptions.ts";
import { draftOf, EMPTY_DRAFT, readDraft } from "./subscription-draft.ts";

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
    expect(readDraft(HTTP_DRAFT, null)).toMatchObject({
      kind: "valid",
      body: { channel: "*", filters: [], target: { kind: "http", url: HTTP_DRAFT.url }, startFrom: "now" },
    });
  });

  test("names each field that is missing or can't be read", () => {
    const draft = { ...EMPTY_DRAFT, filters: "[{", concurrency: "many", start: "position" as const };
    expect(readDraft(draft, null)).toEqual({
      kind: "invalid",
      problems: [
        { field: "consumer", kind: "required" },
        { field: "filters", kind: "not-json" },
        { field: "url", kind: "required" },
        { field: "concurrency", kind: "not-a-number" },
        { field: "startPosition", kind: "required" },
      ],
    });
  });

  test("says where in the filters a mistake is", () => {
    const read = readDraft({ ...HTTP_DRAFT, filters: '[{"prefix":{"data":"x"}}]' }, null);
    expect(read).toEqual({
      kind: "invalid",
      problems: [
        {
          field: "filters",
          kind: "refused",
          message: "0.prefix.data: Filters look at attributes, not into data.",
        },
      ],
    });
  });

  test("that changes a subscription keeps what the form does not show", () => {
    const read = readDraft({ ...draftOf(SUBSCRIPTION), retries: "7" }, SUBSCRIPTION);
    expect(read).toMatchObject({
      kind: "valid",
      body: {
        channel: "payments",
        filters: SUBSCRIPTION.filters,
        onDead: "continue",
        retry: { retries: 7, baseMs: 200, factor: 3, capMs: 9_000, jitter: "none" },
      },
    });
    expect(read.kind === "valid" && "startFrom" in read.body).toBe(false);
  });
});
