"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";

const UNITS = [
  { words: "perSecond", seconds: 1 },
  { words: "perMinute", seconds: 60 },
  { words: "perHour", seconds: 3_600 },
] as const;

/** A rate in words, in the shortest unit in which it is at least one: `3.2/min`. */
export function useRate() {
  const t = useTranslations("common.rates");
  const format = useFormat();
  return (perSecond: number) => {
    if (perSecond === 0) return format.number(0);
    const rates = UNITS.map(({ words, seconds }) => ({ words, rate: perSecond * seconds }));
    const { words, rate } = rates.find((one) => one.rate >= 1) ?? {
      words: "perHour" as const,
      rate: perSecond * 3_600,
    };
    const rounded = rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate);
    return t(words, { rate: format.number(rounded) });
  };
}
