"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import type { AlertCondition, AlertDto } from "#server/contract/alerts.ts";
import { definitionOf, type MetricName, STATS_OF, type Stat } from "#server/domain/metrics/catalogue.ts";

/** Says conditions and their values in the reader's language. */
export function useRuleWords() {
  const t = useTranslations("alerts.words");
  const names = useTranslations("metrics.names");
  const stats = useTranslations("metrics.stats");
  const labels = useTranslations("metrics.labels");
  const format = useFormat();

  const write = (metric: MetricName, stat: Stat | undefined, value: number): string => {
    const { unit } = definitionOf(metric);
    if (unit === "ratio") return format.percent(value);
    if (unit === "seconds" && stat !== "count") return format.duration(value * 1000);
    if (unit === "bytes") return format.bytes(value);
    const number = format.number(Number(value.toPrecision(4)));
    return stat === "rate" ? t("perSecond", { rate: number }) : number;
  };
  const scope = ({ where = {}, by }: Pick<AlertCondition, "where" | "by">): string =>
    [
      ...Object.entries(where).map(([label, values]) =>
        t("where", { label: labels(label as keyof typeof where), values: values.join(", ") }),
      ), // the keys of a filter are labels
      ...(by === undefined ? [] : [t("each", { label: labels(by) })]),
    ].join(", ");
  const span = (ms: number) => format.duration(ms);

  const sentence = (condition: AlertCondition): string => {
    const { metric } = condition;
    const known = STATS_OF[definitionOf(metric).kind];
    const asked = "stat" in condition ? condition.stat : undefined;
    const isStatSaid = known.length > 1 && condition.kind !== "absence" && condition.kind !== "burn-rate";
    const what = {
      metric: isStatSaid
        ? t("statistic", { metric: names(metric), stat: stats(asked ?? known[0]) })
        : names(metric),
      scope: scope(condition),
      hasScope: String(scope(condition) !== ""),
    };
    switch (condition.kind) {
      case "threshold":
        return t(`threshold.${condition.is}`, {
          ...what,
          value: write(metric, condition.stat, condition.value),
          window: span(condition.windowMs),
        });
      case "absence":
        return t("absence", { ...what, window: span(condition.windowMs) });
      case "change":
        return t(`change.${condition.is}`, {
          ...what,
          share: format.percent(condition.byShare),
          window: span(condition.windowMs),
          ago: span(condition.agoMs),
        });
      case "burn-rate":
        return t("burnRate", {
          ...what,
          target: format.percent(condition.target),
          factor: format.number(condition.factor),
          long: span(condition.longMs),
          short: span(condition.shortMs),
        });
    }
  };

  /** What a condition saw; null for what has no value. */
  const seen = (condition: AlertCondition, value: number | null): string | null => {
    if (value === null) return null;
    if (condition.kind === "burn-rate")
      return t("times", { factor: format.number(Number(value.toPrecision(3))) });
    if (condition.kind === "change") return format.percent(value);
    return write(condition.metric, "stat" in condition ? condition.stat : undefined, value);
  };
  const series = (of: AlertDto["labels"]): string => Object.values(of).join(", ");
  return { sentence, seen, series, span };
}
