import { createTranslator } from "next-intl";
import { describe, expect, test } from "vitest";
import en from "#components/i18n/messages/en.json" with { type: "json" };
import ja from "#components/i18n/messages/ja.json" with { type: "json" };
import { createFormat } from "#components/lib/format.ts";
import type { TraceLetterDto } from "#server/contract/sagas.ts";
import { AWAITED, FAILURE_REASONS, SAGA_EVIDENCE, SAGA_STATES } from "#server/domain/sagas/saga.ts";
import { readRun } from "#server/domain/sagas/testing/read-run.ts";
import { type Faults, runSystem, type System } from "#server/domain/sagas/testing/run-system.ts";
import {
  ADDRESS_REFUSED,
  OUT_OF_STOCK,
  ordersMediator,
  ordersSaga,
} from "#server/domain/sagas/testing/sample-systems.ts";
import { explainSaga } from "./explain-saga.ts";
import { writeExplanation } from "./write-explanation.ts";

const words = {
  en: createTranslator({ locale: "en", messages: en, namespace: "trace" }),
  ja: createTranslator({ locale: "ja", messages: ja, namespace: "trace" }),
};

function explain(system: System, faults: Faults = {}, letters: TraceLetterDto[] = []) {
  const run = runSystem(system, faults);
  const { trace, saga } = readRun(run, { told: "declaration" });
  const explanation = explainSaga({ trace, saga, letters, nowUs: run.nowUs });
  const write = (locale: "en" | "ja") =>
    writeExplanation(explanation, {
      t: words[locale],
      format: createFormat(locale, "UTC"),
      nowMs: run.nowUs / 1000,
    });
  return { run, explanation, en: write("en"), ja: write("ja") };
}

describe("Why a saga stands where it stands", () => {
  test("one that went well says when, and how long it took", () => {
    const { explanation, en: written } = explain(ordersSaga);
    expect(explanation).toMatchObject({ kind: "completed", failure: null });
    expect(written.headline).toMatch(/^Completed at 00:00:0\d, \d+ ms after it began\.$/);
    expect(written.details).toEqual([]);
  });

  test("one that somebody cancelled says so, and what stays of it", () => {
    const run = runSystem(ordersSaga);
    const { trace, saga } = readRun(run, { told: "declaration" });
    const evidence = [{ kind: "cancelled" as const, steps: [], positions: [], numbers: {} }];
    const cancelled = { ...saga, state: "failed" as const, failure: null, evidence };
    const explanation = explainSaga({ trace, saga: cancelled, letters: [], nowUs: run.nowUs });
    const write = (locale: "en" | "ja") => {
      const about = { format: createFormat(locale, "UTC"), nowMs: run.nowUs / 1000 };
      return writeExplanation(explanation, { t: words[locale], ...about }).headline;
    };
    expect(write("en")).toMatch(/^Cancelled at 00:00:0\d\. \d steps were done and stay\.$/);
    expect(write("ja")).toMatch(/^00:00:0\d に中止されました。\d ステップが行われたまま残っています。$/);
  });

  test("one that is held up names its dead letter, the attempts, and what the last one said", () => {
    const { run } = explain(ordersSaga, { dead: ["inventory"] });
    const paid = run.recorder.events.find(({ type }) => type === "payment.processed");
    const letter: TraceLetterDto = {
      position: paid?.position ?? "",
      consumer: "inventory",
      status: "parked",
      caseId: 4,
      replays: [],
    };
    const other = { ...letter, consumer: "mail" };
    const held = explain(ordersSaga, { dead: ["inventory"] }, [other, letter]);
    expect(held.explanation).toMatchObject({
      kind: "awaits",
      awaited: { what: "replay", letter },
      failure: null,
    });
    expect(held.en.headline).toMatch(
      /^Stopped 00:00:00: payment\.processed is a dead letter in inventory, after 3 attempts\.$/,
    );
    expect(held.en.details).toEqual(["The last attempt said: The shelf is empty."]);
    expect(held.ja.headline).toContain("デッドレター");
  });

  test("one that was taken back says how much, and what failed first", () => {
    const { explanation, en: written } = explain(ordersMediator, { says: ADDRESS_REFUSED });
    expect(explanation).toMatchObject({ kind: "compensated", undone: 2, of: 2 });
    expect(written.headline).toMatch(/^Failed, and took back 2 of 2 steps, until/);
    expect(written.details[0]).toBe("shipping.refused says that shipping failed in shipping.");
  });

  test("one that waits says for whom", () => {
    expect(explain(ordersSaga, { away: ["inventory"] }).en.headline).toMatch(
      /^Waits since 00:00:00 for inventory to take payment\.processed\.$/,
    );
    expect(explain(ordersMediator, { silent: ["payment"], untilMs: 1_000 }).en.headline).toMatch(
      /^Waits since 00:00:00 for the answer of payment to payment\.$/,
    );
  });

  test("a failure without compensation says what stays", () => {
    const { en: written } = explain(
      {
        ...ordersSaga,
        services: { ...ordersSaga.services, payment: { "order.placed": ["payment.processed"] } },
      },
      { says: OUT_OF_STOCK },
    );
    expect(written.headline).toMatch(/^Failed at 00:00:00\. \d steps? w/);
    expect(written.details[0]).toContain("inventory.reservation.failed says that");
  });
});

test.each(["en", "ja"] as const)("every code of a saga has words in %s", (locale) => {
  const { trace } = locale === "en" ? en : ja;
  expect(Object.keys(trace.why)).toEqual(expect.arrayContaining([...AWAITED]));
  expect(Object.keys(trace.reasons)).toEqual(expect.arrayContaining([...FAILURE_REASONS]));
  expect(Object.keys(trace.evidence)).toEqual(expect.arrayContaining([...SAGA_EVIDENCE]));
  expect(Object.keys(trace.states)).toEqual([...SAGA_STATES]);
});
