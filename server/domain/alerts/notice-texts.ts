import type { AlertSeverity, NoticeKind, NoticeLanguage } from "./alert.ts";

type Kind = Exclude<NoticeKind, "test">;
type SpanUnit = "d" | "h" | "min" | "s";
type Watched = {
  metric: string;
  stat: string | null;
  by: string | null;
  where: readonly { label: string; values: readonly string[] }[];
};
type Change = { share: string; window: string; ago: string };
type Burning = { target: string; within: string | null; factor: string; long: string; short: string };

/** What messages about alerts are made of, in one language. */
export type NoticeTexts = {
  kinds: Record<Kind, string>;
  severities: Record<AlertSeverity, string>;
  /** `series` is empty where a rule has one. */
  headline: (kind: string, rule: string, series: string) => string;
  test: { headline: (destination: string) => string; line: string };
  what: (severity: string, condition: string) => string;
  lastSeen: (value: string) => string;
  worst: (value: string) => string;
  began: (at: string) => string;
  over: (at: string) => string;
  flapping: string;
  /** `note` is empty where nothing was said. */
  taken: (by: string, note: string) => string;
  links: Record<"console" | "alert" | "runbook", string>;
  conditions: {
    what: (watched: Watched) => string;
    above: (what: string, value: string, window: string) => string;
    below: (what: string, value: string, window: string) => string;
    absent: (what: string, window: string) => string;
    rising: (what: string, change: Change) => string;
    falling: (what: string, change: Change) => string;
    burning: (what: string, target: Burning) => string;
  };
  times: (factor: string) => string;
  perSecond: (rate: string) => string;
  span: (count: string, unit: SpanUnit) => string;
};

const en: NoticeTexts = {
  kinds: { firing: "Firing", acknowledged: "Acknowledged", flapping: "Flapping", resolved: "Resolved" },
  severities: { critical: "Critical", warning: "Warning", info: "Info" },
  headline: (kind, rule, series) => `${kind}: ${rule}${series === "" ? "" : ` (${series})`}`,
  test: {
    headline: (destination) => `Test: messages to ${destination} arrive`,
    line: "Nothing is wrong. Somebody tried whether messages arrive here.",
  },
  what: (severity, condition) => `${severity}: ${condition}.`,
  lastSeen: (value) => `Last seen: ${value}.`,
  worst: (value) => `Worst: ${value}.`,
  began: (at) => `It began at ${at}.`,
  over: (at) => `It was over at ${at}.`,
  flapping: "It fires and is over again and again. No more is said until it stays.",
  taken: (by, note) => `Taken by ${by}${note === "" ? "." : `: ${note}`}`,
  links: { console: "Open Nagare", alert: "Open the alert", runbook: "Runbook" },
  conditions: {
    what: ({ metric, stat, by, where }) => {
      const narrowed = where.map(({ label, values }) => `${label} ${values.join(" or ")}`).join(", ");
      return [
        `${metric}${stat === null ? "" : ` (${stat})`}`,
        ...(by === null ? [] : [`by ${by}`]),
        ...(narrowed === "" ? [] : [`of ${narrowed}`]),
      ].join(" ");
    },
    above: (what, value, window) => `${what} is above ${value} over ${window}`,
    below: (what, value, window) => `${what} is below ${value} over ${window}`,
    absent: (what, window) => `${what} is absent for ${window}`,
    rising: (what, { share, window, ago }) =>
      `${what} over ${window} is rising by more than ${share} against ${ago} earlier`,
    falling: (what, { share, window, ago }) =>
      `${what} over ${window} is falling by more than ${share} against ${ago} earlier`,
    burning: (what, { target, within, factor, long, short }) =>
      `${what} spends the budget of a target of ${target}${within === null ? "" : ` within ${within}`} at ${factor} ` +
      `times the rate or more, over ${long} and ${short}`,
  },
  times: (factor) => `${factor} times`,
  perSecond: (rate) => `${rate} a second`,
  span: (count, unit) => `${count} ${unit}`,
};

const SPANS_JA: Record<SpanUnit, string> = { d: "日", h: "時間", min: "分", s: "秒" };

const ja: NoticeTexts = {
  kinds: { firing: "発報", acknowledged: "対応中", flapping: "断続", resolved: "解消" },
  severities: { critical: "重大", warning: "警告", info: "情報" },
  headline: (kind, rule, series) => `${kind}: ${rule}${series === "" ? "" : `（${series}）`}`,
  test: {
    headline: (destination) => `テスト: ${destination}にメッセージが届きました`,
    line: "問題は起きていません。ここにメッセージが届くかを試しました。",
  },
  what: (severity, condition) => `${severity}: ${condition}。`,
  lastSeen: (value) => `最新の値: ${value}`,
  worst: (value) => `最悪の値: ${value}`,
  began: (at) => `開始: ${at}`,
  over: (at) => `解消: ${at}`,
  flapping: "発報と解消を繰り返しています。落ち着くまで、これ以上はお知らせしません。",
  taken: (by, note) => `対応者: ${by}${note === "" ? "" : `（${note}）`}`,
  links: { console: "Nagareを開く", alert: "アラートを開く", runbook: "手順書" },
  conditions: {
    what: ({ metric, stat, by, where }) => {
      const facts = [
        ...(stat === null ? [] : [stat]),
        ...(by === null ? [] : [`${by}別`]),
        ...where.map(({ label, values }) => `${label}が${values.join("または")}`),
      ];
      return `${metric}${facts.length === 0 ? "" : `（${facts.join("、")}）`}`;
    },
    above: (what, value, window) => `${what}が直近${window}で${value}を上回っています`,
    below: (what, value, window) => `${what}が直近${window}で${value}を下回っています`,
    absent: (what, window) => `${what}が${window}の間ありません`,
    rising: (what, { share, window, ago }) =>
      `${what}が直近${window}で、${ago}前より${share}以上増えています`,
    falling: (what, { share, window, ago }) =>
      `${what}が直近${window}で、${ago}前より${share}以上減っています`,
    burning: (what, { target, within, factor, long, short }) =>
      `${what}が目標${target}${within === null ? "" : `（${within}以内）`}の許容量を、直近${long}と${short}のどちらでも` +
      `${factor}倍以上の速さで消費しています`,
  },
  times: (factor) => `${factor}倍`,
  perSecond: (rate) => `毎秒${rate}`,
  span: (count, unit) => `${count}${SPANS_JA[unit]}`,
};

/** The texts of every language. */
export const NOTICE_TEXTS: Record<NoticeLanguage, NoticeTexts> = { en, ja };
