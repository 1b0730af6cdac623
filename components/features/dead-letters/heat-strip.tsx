"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import type { CaseListDto } from "#server/contract/failure-cases.ts";
import { bucketStart, heatOf, summarize } from "./heat.ts";

type HeatStripProps = {
  series: readonly number[];
  buckets: CaseListDto["buckets"];
  /** The fullest bucket of all cases beside each other, which the colours are measured by. */
  most: number;
};

/** The deaths of one case over the window, a row of the matrix of cases against time. */
export function HeatStrip({ series, buckets, most }: HeatStripProps) {
  const t = useTranslations("deadLetters.trend");
  const format = useFormat();
  const { total, most: peak, mostAt } = summarize(series);
  const label =
    total === 0
      ? t("none")
      : t("words", {
          count: total,
          most: format.number(peak),
          time: format.minute(bucketStart(buckets, mostAt)),
        });
  return (
    <span
      role="img"
      suppressHydrationWarning
      aria-label={label}
      title={label}
      className="flex h-5 w-full gap-px"
    >
      {series.map((count, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a bucket is its place
          key={index}
          className="relative min-w-0 flex-1 overflow-hidden rounded-[1px] bg-sunken"
        >
          {count === 0 ? null : (
            <span className="absolute inset-0 bg-danger" style={{ opacity: heatOf(count, most) }} />
          )}
        </span>
      ))}
    </span>
  );
}
