import type { AlertSeverity, NoticeKind, NoticeLanguage } from "./alert.ts";
import type { AlertCondition } from "./condition.ts";
import { conditionText, valueText } from "./condition-text.ts";
import { NOTICE_TEXTS } from "./notice-texts.ts";

/** What people are told of an alert, as it was when it came to be told. Moments in RFC 3339. */
export type AlertMessage = {
  kind: Exclude<NoticeKind, "test">;
  at: string;
  alert: {
    id: string;
    labels: { [label in string]?: string };
    value: number | null;
    worst: number | null;
    beganAt: string;
    firedAt: string | null;
    resolvedAt: string | null;
    acknowledged: { by: string; note: string | null } | null;
  };
  rule: {
    id: number;
    name: string;
    severity: AlertSeverity;
    condition: AlertCondition;
    note: string;
    runbook: string | null;
  };
};

/** A message that only tries a destination. */
export type TestMessage = { kind: "test"; at: string; destination: string };

export type NoticeMessage = AlertMessage | TestMessage;

/** Where a message comes from, how it is told from others, and the language that it is written in. */
export type NoticeOrigin = {
  /** The same for every try. */
  noticeId: string;
  /** The address of the console, without a slash at its end. */
  publicUrl: string;
  /** That of the destination. */
  language: NoticeLanguage;
};

/** A message in one line. */
export function headlineOf(message: NoticeMessage, language: NoticeLanguage): string {
  const texts = NOTICE_TEXTS[language];
  if (message.kind === "test") return texts.test.headline(message.destination);
  const { rule, alert, kind } = message;
  return texts.headline(texts.kinds[kind], rule.name, Object.values(alert.labels).join(", "));
}

/** What there is to say, line by line, for people. */
export function linesOf(message: NoticeMessage, language: NoticeLanguage): string[] {
  const texts = NOTICE_TEXTS[language];
  if (message.kind === "test") return [texts.test.line];
  const { rule, alert, kind } = message;
  const { acknowledged } = alert;
  return [
    texts.what(texts.severities[rule.severity], conditionText(rule.condition, language)),
    alert.value === null ? null : texts.lastSeen(valueText(rule.condition, alert.value, language)),
    alert.worst === null || alert.worst === alert.value
      ? null
      : texts.worst(valueText(rule.condition, alert.worst, language)),
    texts.began(alert.beganAt),
    alert.resolvedAt === null ? null : texts.over(alert.resolvedAt),
    kind === "flapping" ? texts.flapping : null,
    acknowledged === null ? null : texts.taken(acknowledged.by, acknowledged.note ?? ""),
    rule.note === "" ? null : rule.note,
  ].filter((line) => line !== null);
}

/** Where to look, with the words for it. */
export function linksOf(
  message: NoticeMessage,
  { publicUrl, language }: NoticeOrigin,
): { text: string; url: string }[] {
  const { links } = NOTICE_TEXTS[language];
  if (message.kind === "test") return [{ text: links.console, url: `${publicUrl}/alerts` }];
  const { runbook } = message.rule;
  return [
    { text: links.alert, url: `${publicUrl}/alerts?alert=${message.alert.id}` },
    ...(runbook === null ? [] : [{ text: links.runbook, url: runbook }]),
  ];
}

/** A message as a CloudEvent in structured mode. */
export function cloudEventOf(message: NoticeMessage, origin: NoticeOrigin): Record<string, unknown> {
  const { kind, at } = message;
  const data =
    message.kind === "test"
      ? { destination: message.destination }
      : { alert: message.alert, rule: message.rule };
  return {
    specversion: "1.0",
    id: origin.noticeId,
    source: `${origin.publicUrl}/alerts`,
    type: `nagare.alert.${kind}`,
    time: at,
    ...(message.kind === "test" ? {} : { subject: message.alert.id }),
    datacontenttype: "application/json",
    data: {
      ...data,
      headline: headlineOf(message, origin.language),
      links: Object.fromEntries(
        linksOf(message, origin).map(({ url }, index) => [index === 0 ? "console" : "runbook", url]),
      ),
    },
  };
}

/** A message as Slack and those that took over its incoming webhooks want it. */
export function slackMessageOf(message: NoticeMessage, origin: NoticeOrigin): Record<string, unknown> {
  const headline = escapeMrkdwn(headlineOf(message, origin.language));
  const lines = linesOf(message, origin.language).map(escapeMrkdwn).join("\n");
  const links = linksOf(message, origin).map(({ text, url }) => `<${escapeLink(url)}|${text}>`);
  return {
    text: headline,
    blocks: [
      // A section takes 3000 characters.
      { type: "section", text: { type: "mrkdwn", text: `*${headline}*\n${lines}`.slice(0, 3_000) } },
      { type: "context", elements: [{ type: "mrkdwn", text: links.join("  ·  ") }] },
    ],
  };
}

/** A message as mail. */
export function mailOf(message: NoticeMessage, origin: NoticeOrigin): { subject: string; text: string } {
  const links = linksOf(message, origin).map(({ text, url }) => `${text}: ${url}`);
  const severity =
    message.kind === "test"
      ? ""
      : `[${NOTICE_TEXTS[origin.language].severities[message.rule.severity].toLowerCase()}] `;
  return {
    // What stands in a header stands in one line.
    subject: `${severity}${headlineOf(message, origin.language)}`.replaceAll(/\s+/g, " "),
    text: `${[...linesOf(message, origin.language), "", ...links].join("\n")}\n`,
  };
}

/** @see https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escapeMrkdwn(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** What would end a link before its end is written as addresses may have it. */
function escapeLink(url: string): string {
  return url.replaceAll("&", "&amp;").replaceAll(/[<>|]/g, encodeURIComponent);
}
