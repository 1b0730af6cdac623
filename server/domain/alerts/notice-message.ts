import { definitionOf } from "../metrics/catalogue.ts";
import type { AlertSeverity, NoticeKind } from "./alert.ts";
import { type AlertCondition, statOf } from "./condition.ts";

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

/** Where a message comes from, and how it is told from others. */
export type NoticeOrigin = {
  /** The same for every try. */
  noticeId: string;
  /** The address of the console, without a slash at its end. */
  publicUrl: string;
};

const HEADLINES: Record<AlertMessage["kind"], string> = {
  firing: "Firing",
  acknowledged: "Acknowledged",
  flapping: "Flapping",
  resolved: "Resolved",
};

/** A message in one line. */
export function headlineOf(message: NoticeMessage): string {
  if (message.kind === "test") return `Test: messages to ${message.destination} arrive`;
  const { rule, alert, kind } = message;
  const series = seriesText(alert.labels);
  return `${HEADLINES[kind]}: ${rule.name}${series === "" ? "" : ` (${series})`}`;
}

/** What there is to say, line by line, for people. */
export function linesOf(message: NoticeMessage): string[] {
  if (message.kind === "test") return ["Nothing is wrong. Somebody tried whether messages arrive here."];
  const { rule, alert, kind } = message;
  const { acknowledged } = alert;
  return [
    `${capital(rule.severity)}: ${conditionText(rule.condition)}.`,
    alert.value === null ? null : `Last seen: ${valueText(rule.condition, alert.value)}.`,
    alert.worst === null || alert.worst === alert.value
      ? null
      : `Worst: ${valueText(rule.condition, alert.worst)}.`,
    `It began at ${alert.beganAt}.`,
    alert.resolvedAt === null ? null : `It was over at ${alert.resolvedAt}.`,
    kind === "flapping" ? "It fires and is over again and again. No more is said until it stays." : null,
    acknowledged === null
      ? null
      : `Taken by ${acknowledged.by}${acknowledged.note ? `: ${acknowledged.note}` : "."}`,
    rule.note === "" ? null : rule.note,
  ].filter((line) => line !== null);
}

/** Where to look, with the words for it. */
export function linksOf(
  message: NoticeMessage,
  { publicUrl }: NoticeOrigin,
): { text: string; url: string }[] {
  if (message.kind === "test") return [{ text: "Open Nagare", url: `${publicUrl}/alerts` }];
  const { runbook } = message.rule;
  return [
    { text: "Open the alert", url: `${publicUrl}/alerts?alert=${message.alert.id}` },
    ...(runbook === null ? [] : [{ text: "Runbook", url: runbook }]),
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
      headline: headlineOf(message),
      links: Object.fromEntries(
        linksOf(message, origin).map(({ url }, index) => [index === 0 ? "console" : "runbook", url]),
      ),
    },
  };
}

/** A message as Slack and those that took over its incoming webhooks want it. */
export function slackMessageOf(message: NoticeMessage, origin: NoticeOrigin): Record<string, unknown> {
  const headline = escapeMrkdwn(headlineOf(message));
  const lines = linesOf(message).map(escapeMrkdwn).join("\n");
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
  const severity = message.kind === "test" ? "" : `[${message.rule.severity}] `;
  return {
    // What stands in a header stands in one line.
    subject: `${severity}${headlineOf(message)}`.replaceAll(/\s+/g, " "),
    text: `${[...linesOf(message), "", ...links].join("\n")}\n`,
  };
}

/** A condition in words. */
export function conditionText(condition: AlertCondition): string {
  const { metric, by, where = {} } = condition;
  const narrowed = Object.entries(where).map(([label, values]) => `${label} ${(values ?? []).join(" or ")}`);
  const stat = condition.kind === "burn-rate" ? "" : ` (${statOf(condition)})`;
  const what = [
    `${metric}${stat}`,
    by ? `by ${by}` : "",
    narrowed.length > 0 ? `of ${narrowed.join(", ")}` : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
  switch (condition.kind) {
    case "threshold":
      return `${what} is ${condition.is} ${valueText(condition, condition.value)} over ${spanText(condition.windowMs)}`;
    case "absence":
      return `${what} is absent for ${spanText(condition.windowMs)}`;
    case "change":
      return `${what} over ${spanText(condition.windowMs)} is ${condition.is} by more than ${percentText(condition.byShare)} against ${spanText(condition.agoMs)} earlier`;
    case "burn-rate":
      return `${what} spends the budget of a target of ${percentText(condition.target)}${condition.withinSeconds === undefined ? "" : ` within ${condition.withinSeconds} s`} at ${condition.factor} times the rate or more, over ${spanText(condition.longMs)} and ${spanText(condition.shortMs)}`;
  }
}

/** What a condition saw, in words. */
export function valueText(condition: AlertCondition, value: number): string {
  if (condition.kind === "change") return `${value > 0 ? "+" : ""}${percentText(value)}`;
  if (condition.kind === "burn-rate") return `${short(value)} times`;
  const { unit } = definitionOf(condition.metric);
  const stat = statOf(condition);
  if (stat === "count") return short(value);
  if (unit === "ratio") return percentText(value);
  if (unit === "seconds") return value >= 120 ? spanText(value * 1_000) : `${short(value)} s`;
  return stat === "rate" ? `${short(value)} a second` : short(value);
}

function seriesText(labels: AlertMessage["alert"]["labels"]): string {
  return Object.values(labels).join(", ");
}

const SPANS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

function spanText(ms: number): string {
  const [unit, size] = SPANS.find(([, size]) => ms >= size) ?? SPANS[3];
  return `${short(ms / size)} ${unit}`;
}

function percentText(share: number): string {
  return `${short(share * 100)} %`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @see https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escapeMrkdwn(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** What would end a link before its end is written as addresses may have it. */
function escapeLink(url: string): string {
  return url.replaceAll("&", "&amp;").replaceAll(/[<>|]/g, encodeURIComponent);
}
