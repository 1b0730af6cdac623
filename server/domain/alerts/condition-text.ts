import { definitionOf } from "../metrics/catalogue.ts";
import type { NoticeLanguage } from "./alert.ts";
import { type AlertCondition, statOf } from "./condition.ts";
import { NOTICE_TEXTS, type NoticeTexts } from "./notice-texts.ts";

/** A condition in words. Metrics and labels have the names of the API. */
export function conditionText(condition: AlertCondition, language: NoticeLanguage): string {
  const texts = NOTICE_TEXTS[language];
  const span = (ms: number) => spanText(ms, texts);
  const what = texts.conditions.what({
    metric: condition.metric,
    stat: condition.kind === "burn-rate" ? null : statOf(condition),
    by: condition.by ?? null,
    where: Object.entries(condition.where ?? {}).map(([label, values]) => ({ label, values: values ?? [] })),
  });
  switch (condition.kind) {
    case "threshold":
      return texts.conditions[condition.is](
        what,
        valueText(condition, condition.value, language),
        span(condition.windowMs),
      );
    case "absence":
      return texts.conditions.absent(what, span(condition.windowMs));
    case "change":
      return texts.conditions[condition.is](what, {
        share: percentText(condition.byShare),
        window: span(condition.windowMs),
        ago: span(condition.agoMs),
      });
    case "burn-rate":
      return texts.conditions.burning(what, {
        target: percentText(condition.target),
        within: condition.withinSeconds === undefined ? null : span(condition.withinSeconds * 1_000),
        factor: String(condition.factor),
        long: span(condition.longMs),
        short: span(condition.shortMs),
      });
  }
}

/** What a condition saw, in words. */
export function valueText(condition: AlertCondition, value: number, language: NoticeLanguage): string {
  const texts = NOTICE_TEXTS[language];
  if (condition.kind === "change") return `${value > 0 ? "+" : ""}${percentText(value)}`;
  if (condition.kind === "burn-rate") return texts.times(short(value));
  const { unit } = definitionOf(condition.metric);
  const stat = statOf(condition);
  if (stat === "count") return short(value);
  if (unit === "ratio") return percentText(value);
  if (unit === "seconds") return spanText(value * 1_000, texts);
  if (unit === "bytes") return bytesText(value);
  return stat === "rate" ? texts.perSecond(short(value)) : short(value);
}

const SPANS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** In the largest unit of which there are two, or that it is a whole number of. */
function spanText(ms: number, { span }: NoticeTexts): string {
  const [unit, size] = SPANS.find(([, each]) => ms >= 2 * each || ms === each) ?? SPANS[3];
  return span(short(ms / size), unit);
}

const BYTES = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), BYTES.length - 1);
  return `${short(bytes / 1024 ** power)} ${BYTES[power]}`;
}

function percentText(share: number): string {
  return `${short(share * 100)} %`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
