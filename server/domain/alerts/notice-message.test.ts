import { describe, expect, test } from "vitest";
import { NOTICE_LANGUAGES } from "./alert.ts";
import type { AlertCondition } from "./condition.ts";
import { conditionText, valueText } from "./condition-text.ts";
import { type AlertMessage, cloudEventOf, mailOf, slackMessageOf } from "./notice-message.ts";

const condition: AlertCondition = {
  kind: "threshold",
  metric: "failure_rate",
  by: "consumer",
  where: { type: ["order.placed", "order.paid"] },
  windowMs: 60_000,
  is: "above",
  value: 0.05,
};
const message: AlertMessage = {
  kind: "firing",
  at: "2026-03-01T12:00:00.000Z",
  alert: {
    id: "412",
    labels: { consumer: "billing" },
    value: 0.12,
    worst: 0.3,
    beganAt: "2026-03-01T11:58:00.000Z",
    firedAt: "2026-03-01T12:00:00.000Z",
    resolvedAt: null,
    acknowledged: { by: "Mika", note: null },
  },
  rule: { id: 7, name: "Billing fails", severity: "critical", condition, note: "", runbook: null },
};
const origin = { noticeId: "1", publicUrl: "https://console.example.com" };

describe("A message", () => {
  test("is written in English", () => {
    expect(mailOf(message, { ...origin, language: "en" })).toEqual({
      subject: "[critical] Firing: Billing fails (billing)",
      text: [
        "Critical: failure_rate (ratio) by consumer of type order.placed or order.paid is above 5 % over 1 min.",
        "Last seen: 12 %.",
        "Worst: 30 %.",
        "It began at 2026-03-01T11:58:00.000Z.",
        "Taken by Mika.",
        "",
        "Open the alert: https://console.example.com/alerts?alert=412\n",
      ].join("\n"),
    });
  });

  test("is written in Japanese", () => {
    expect(mailOf(message, { ...origin, language: "ja" })).toEqual({
      subject: "[重大] 発報: Billing fails（billing）",
      text: [
        "重大: failure_rate（ratio、consumer別、typeがorder.placedまたはorder.paid）が直近1分で5 %を上回っています。",
        "最新の値: 12 %",
        "最悪の値: 30 %",
        "開始: 2026-03-01T11:58:00.000Z",
        "対応者: Mika",
        "",
        "アラートを開く: https://console.example.com/alerts?alert=412\n",
      ].join("\n"),
    });
  });

  test("says the same to machines in every language, but for its headline", () => {
    const [en, ja] = NOTICE_LANGUAGES.map((language) => cloudEventOf(message, { ...origin, language }));
    expect(en?.data).toMatchObject({ headline: "Firing: Billing fails (billing)" });
    expect(ja?.data).toMatchObject({ headline: "発報: Billing fails（billing）" });
    const bare = (event: typeof en) => ({ ...event, data: { ...(event?.data as object), headline: "" } });
    expect(bare(ja)).toEqual(bare(en));
  });

  test("gives no way to format or mention anybody on Slack", () => {
    const named = { ...message, rule: { ...message.rule, name: "<!channel> & more" } };
    const text = JSON.stringify(slackMessageOf(named, { ...origin, language: "ja" }));
    expect(text).toContain("&lt;!channel&gt; &amp; more");
    expect(text).not.toContain("<!channel>");
  });
});

describe("A condition", () => {
  const burning: AlertCondition = {
    kind: "burn-rate",
    metric: "processing_time",
    target: 0.95,
    withinSeconds: 90,
    factor: 14.4,
    longMs: 3_600_000,
    shortMs: 300_000,
  };
  const rising: AlertCondition = {
    kind: "change",
    metric: "events",
    windowMs: 600_000,
    agoMs: 86_400_000,
    is: "rising",
    byShare: 0.5,
  };
  test.each([
    [
      burning,
      "en",
      "processing_time spends the budget of a target of 95 % within 90 s at 14.4 times the rate or more, over 1 h and 5 min",
    ],
    [
      burning,
      "ja",
      "processing_timeが目標95 %（90秒以内）の許容量を、直近1時間と5分のどちらでも14.4倍以上の速さで消費しています",
    ],
    [rising, "en", "events (rate) over 10 min is rising by more than 50 % against 1 d earlier"],
    [rising, "ja", "events（rate）が直近10分で、1日前より50 %以上増えています"],
  ] as const)("is said in the words of a language", (given, language, text) => {
    expect(conditionText(given, language)).toBe(text);
  });

  test("says values in their units", () => {
    const of = (metric: "oldest_waiting" | "process_memory" | "events") =>
      ({ kind: "threshold", metric, windowMs: 60_000, is: "above", value: 1 }) as const;
    expect(valueText(of("oldest_waiting"), 150, "en")).toBe("2.5 min");
    expect(valueText(of("oldest_waiting"), 0.25, "ja")).toBe("0.25秒");
    expect(valueText(of("process_memory"), 1_610_612_736, "en")).toBe("1.5 GiB");
    expect(valueText(of("events"), 12.5, "ja")).toBe("毎秒12.5");
  });
});
