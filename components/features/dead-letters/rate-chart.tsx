"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import type { CaseListDto } from "#server/contract/failure-cases.ts";
import { bucketStart, summarize } from "./heat.ts";

type RateChartProps = { series: readonly number[]; buckets: CaseListDto["buckets"] };

/** The deaths of a case over time, as bars from zero. */
export function RateChart({ series, buckets }: RateChartProps) {
  const t = useTranslations("deadLetters.trend");
  const format = useFormat();
  const { total, most, mostAt } = summarize(series);
  const at = (index: number) => format.minute(bucketStart(buckets, index));
  if (total === 0) return <p className="text-ink-muted text-sm">{t("none")}</p>;
  return (
    <figure
      suppressHydrationWarning
      aria-label={t("words", { count: total, most: format.number(most), time: at(mostAt) })}
      className="flex flex-col gap-1"
    >
      <div className="flex items-baseline justify-between gap-2 text-2xs text-ink-faint">
        <span>
          {t("perBucket", { most: format.number(most), span: format.duration(buckets.step * 1000) })}
        </span>
        <span>{t("total", { count: total })}</span>
      </div>
      <div aria-hidden className="flex h-20 items-end gap-px border-line border-b">
        {series.map((count, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a bucket is its place
            key={index}
            suppressHydrationWarning
            title={`${at(index)}: ${format.number(count)}`}
            className="flex h-full min-w-0 flex-1 items-end hover:bg-hover"
          >
            <span
              className="w-full bg-danger"
              style={{ height: count === 0 ? 0 : `max(2px, ${(count / most) * 100}%)` }}
            />
          </span>
        ))}
      </div>
      <div className="flex justify-between text-2xs text-ink-faint">
        <span suppressHydrationWarning>{format.minute(buckets.from)}</span>
        <span suppressHydrationWarning>{format.minute(buckets.to)}</span>
      </div>
    </figure>
  );
}
