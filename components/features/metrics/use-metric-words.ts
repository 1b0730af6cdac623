"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import {
  type MetricLabel,
  type MetricUnit,
  NO_VALUE,
  OTHER_VALUE,
  type Stat,
} from "#server/domain/metrics/catalogue.ts";

/** States that are told in words; every other value of a label is a name. */
const STATES = [
  "running",
  "waiting",
  "stuck",
  "completed",
  "compensating",
  "compensated",
  "failed",
  "active",
  "idle",
  "other",
] as const;

/** Writes what metrics say in the reader's language. */
export function useMetricWords() {
  const t = useTranslations("metrics");
  const format = useFormat();
  /** A value in a unit; as a rate, of one second. */
  const write = (value: number | null, unit: MetricUnit, stat: Stat): string => {
    if (value === null) return "–";
    if (unit === "ratio") return format.percent(value);
    if (unit === "seconds" && stat !== "count") return format.duration(value * 1000);
    if (unit === "bytes") return format.bytes(value);
    const number = value >= 10_000 ? format.compact(value) : format.number(rounded(value));
    return stat === "rate" ? t("perSecond", { rate: number }) : number;
  };
  const nameOf = (label: MetricLabel, value: string): string => {
    if (value === OTHER_VALUE) return t("otherSeries");
    if (value === NO_VALUE) return t("noValue");
    const state = label === "state" ? STATES.find((each) => each === value) : undefined;
    return state === undefined ? value : t(`stateNames.${state}`);
  };
  return { write, nameOf };
}

/** Three digits are enough beside a curve. */
function rounded(value: number): number {
  return Number(value.toPrecision(Math.abs(value) < 100 ? 3 : 4));
}
