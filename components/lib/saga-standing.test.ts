import { createTranslator } from "next-intl";
import { expect, test } from "vitest";
import type { Locale } from "#components/i18n/locale.ts";
import en from "#components/i18n/messages/en.json" with { type: "json" };
import ja from "#components/i18n/messages/ja.json" with { type: "json" };
import { AWAITED, FAILURE_REASONS } from "#server/domain/sagas/saga.ts";
import { ageMs, earlierFailure, standingOf } from "./saga-standing.ts";

const payment = { key: "payment", name: "payment.charge" };

test("a saga that goes on is where it waits, also after a failure", () => {
  const saga = {
    state: "compensating" as const,
    awaits: { what: "reply" as const, step: payment },
    failure: { reason: "no-reply" as const, step: { key: "ship", name: "ship" } },
  };
  expect(standingOf(saga)).toEqual({ kind: "awaits", what: "reply", step: "payment.charge" });
  expect(earlierFailure(saga)).toEqual({ kind: "failed", reason: "no-reply", step: "ship" });
});

test("a dead letter that is waited for is not told twice", () => {
  const failure = { reason: "dead-letter" as const, step: payment };
  expect(earlierFailure({ awaits: { what: "replay", step: payment }, failure })).toBeNull();
});

test("a saga that has ended is where it failed, unless it got over that", () => {
  const failure = { reason: "failure-event" as const, step: null };
  expect(standingOf({ state: "failed", awaits: null, failure })).toMatchObject({
    kind: "failed",
    step: null,
  });
  expect(standingOf({ state: "completed", awaits: null, failure })).toEqual({ kind: "got-over", step: null });
  expect(standingOf({ state: "completed", awaits: null, failure: null })).toEqual({ kind: "nothing" });
});

test.each<[Locale, typeof en]>([
  ["en", en],
  ["ja", ja as unknown as typeof en], // a test holds that both have the same keys
])("everything that can be waited for, and every failure, names its step (%s)", (locale, messages) => {
  const t = createTranslator({ locale, messages, namespace: "sagas.standing" });
  const said = [
    ...AWAITED.map((what) => t(`awaits.${what}`, { step: "payment.charge" })),
    ...FAILURE_REASONS.map((reason) => t(`failed.${reason}`, { step: "payment.charge" })),
  ];
  expect(said.every((words) => words.includes("payment.charge"))).toBe(true);
  expect(new Set(said.slice(0, AWAITED.length)).size).toBe(AWAITED.length);
});

test("a saga is as old as it went on, and still goes on until it has ended", () => {
  const startedAt = "2026-01-01T00:00:00.000Z";
  const now = Date.parse("2026-01-01T00:01:00.000Z");
  expect(ageMs({ startedAt, endedAt: null }, now)).toBe(60_000);
  expect(ageMs({ startedAt, endedAt: "2026-01-01T00:00:03.000Z" }, now)).toBe(3_000);
  expect(ageMs({ startedAt: "2026-01-01T00:02:00.000Z", endedAt: null }, now)).toBe(0);
});
