"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { classNames } from "#components/ui/class-names.ts";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { type Format, useFormat } from "#components/ui/format-context.tsx";
import type { LabelFilter } from "#server/contract/metrics.ts";
import type { ProcessingDto } from "#server/contract/processing.ts";
import { METRIC_LABELS } from "#server/domain/metrics/catalogue.ts";
import { AgeNote } from "./chart-notices.tsx";
import { metricQueries } from "./metric-queries.ts";
import type { MetricWindow } from "./metric-window.ts";
import { NotNarrowed } from "./not-narrowed.tsx";

type Item = ProcessingDto["items"][number];

const FIGURES = [
  { name: "total", className: "", read: (item, format) => format.number(item.total_events) },
  {
    name: "successful",
    className: "max-sm:hidden",
    read: (item, format) => format.number(item.successful_events),
  },
  { name: "failureRate", className: "", read: (item, format) => share(item.failure_rate, format) },
  { name: "retried", className: "max-lg:hidden", read: (item, format) => format.number(item.retried) },
  { name: "duplicates", className: "max-lg:hidden", read: (item, format) => format.number(item.duplicates) },
  { name: "dead", className: "max-md:hidden", read: (item, format) => format.number(item.dead) },
  { name: "average", className: "", read: (item, format) => time(item.average_duration, format) },
  { name: "p50", className: "max-lg:hidden", read: (item, format) => time(item.processing_time.p50, format) },
  { name: "p95", className: "max-sm:hidden", read: (item, format) => time(item.processing_time.p95, format) },
  { name: "p99", className: "max-md:hidden", read: (item, format) => time(item.processing_time.p99, format) },
  {
    name: "critical",
    className: "max-md:hidden",
    read: (item, format) => time(item.critical_time.p95, format),
  },
] as const satisfies readonly {
  name: string;
  className: string;
  read: (item: Item, format: Format) => string;
}[];

type HandlerTableProps = {
  window: MetricWindow;
  where: LabelFilter;
  onNarrow: (consumer: string) => void;
};

/** Every handler in figures: what the curves add up to. */
export function HandlerTable({ window, where, onNarrow }: HandlerTableProps) {
  const t = useTranslations("metrics.handlers");
  const format = useFormat();
  const query = useQuery(metricQueries.handlers(window));
  if (query.isLoadingError) {
    return <ErrorNotice title={t("loadFailed")} error={query.error} onRetry={query.refetch} />;
  }
  if (query.data === undefined || query.data.items.length === 0) return null;
  const items = query.data.items
    .filter(({ name }) => where.consumer?.includes(name) ?? true)
    .toSorted((a, b) => (b.failure_rate ?? 0) - (a.failure_rate ?? 0));
  return (
    <section aria-label={t("title")} className="overflow-x-auto rounded-lg border border-line bg-surface">
      <NotNarrowed
        labels={METRIC_LABELS.filter((label) => label !== "consumer" && where[label] !== undefined)}
      />
      <AgeNote query={query} shownTo={query.data.window.to} />
      <table className="w-full text-sm tabular-nums">
        <caption className="px-3 py-2 text-left font-medium">{t("title")}</caption>
        <thead>
          <tr className="border-line border-b text-ink-muted text-xs">
            <th className="px-3 py-1 text-left font-medium">{t("consumer")}</th>
            {FIGURES.map(({ name, className }) => (
              <th key={name} className={classNames("px-3 py-1 text-right font-medium", className)}>
                {t(`figures.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.name} className="border-line border-b last:border-0 hover:bg-hover">
              <th className="max-w-60 px-3 py-1 text-left font-normal">
                <button
                  type="button"
                  onClick={() => onNarrow(item.name)}
                  className="max-w-full truncate hover:underline"
                >
                  {item.name}
                </button>
              </th>
              {FIGURES.map(({ name, className, read }) => (
                <td
                  key={name}
                  className={classNames(
                    "whitespace-nowrap px-3 py-1 text-right",
                    className,
                    name === "failureRate" && item.failed > 0 && "text-danger-ink",
                  )}
                >
                  {read(item, format)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function share(value: number | null, format: Format): string {
  return value === null ? "–" : format.percent(value);
}

function time(ms: number | null, format: Format): string {
  return ms === null ? "–" : format.duration(ms);
}
