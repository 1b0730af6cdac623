"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { useTimeRange } from "#components/shell/use-time-range.ts";
import { classNames } from "#components/ui/class-names.ts";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { type Format, useFormat } from "#components/ui/format-context.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { ProcessingDto } from "#server/contract/processing.ts";
import { consumerQueries } from "./consumer-queries.ts";

/** How one consumer fared with each type of event in the time range. */
export function ProcessingByType({ consumer }: { consumer: string }) {
  const t = useTranslations("consumers.byType");
  const [range] = useTimeRange();
  const processing = useQuery(consumerQueries.processing({ range, consumer }));
  if (processing.isPending) {
    return (
      <div role="status" aria-busy aria-label={t("loading")}>
        <Skeleton className="w-2/3" />
      </div>
    );
  }
  if (processing.isLoadingError) {
    return <ErrorNotice title={t("loadFailed")} error={processing.error} onRetry={processing.refetch} />;
  }
  if (processing.data.items.length === 0) return <p className="text-ink-muted text-sm">{t("none")}</p>;
  return <TypeTable items={processing.data.items} />;
}

type Item = ProcessingDto["items"][number];

const WIDE = "hidden @2xl:table-cell";
const MEDIUM = "hidden @md:table-cell";

/** What is told of each type, and from which width on. */
const FIGURES = [
  { name: "succeeded", className: "", read: (item, format) => format.number(item.successful_events) },
  { name: "failed", className: "", read: (item, format) => format.number(item.failed) },
  { name: "retried", className: WIDE, read: (item, format) => format.number(item.retried) },
  { name: "duplicates", className: WIDE, read: (item, format) => format.number(item.duplicates) },
  { name: "dead", className: "", read: (item, format) => format.number(item.dead) },
  {
    name: "failureRate",
    className: MEDIUM,
    read: ({ failure_rate: rate }, format) => (rate === null ? "–" : format.percent(rate)),
  },
  { name: "average", className: WIDE, read: (item, format) => writeMs(item.average_duration, format) },
  { name: "p95", className: MEDIUM, read: (item, format) => writeMs(item.processing_time.p95, format) },
  { name: "critical", className: WIDE, read: (item, format) => writeMs(item.critical_time.p95, format) },
] as const satisfies readonly {
  name: string;
  className: string;
  read: (item: Item, format: Format) => string;
}[];

function writeMs(ms: number | null, format: Format): string {
  return ms === null ? "–" : format.duration(ms);
}

function TypeTable({ items }: Pick<ProcessingDto, "items">) {
  const t = useTranslations("consumers.byType");
  const format = useFormat();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="@container overflow-x-auto" tabIndex={0}>
      <table aria-label={t("label")} className="w-full whitespace-nowrap text-xs tabular-nums">
        <thead className="text-ink-faint">
          <tr>
            <th scope="col" className="py-1 pr-3 text-left font-normal">
              {t("type")}
            </th>
            {FIGURES.map(({ name, className }) => (
              <th
                key={name}
                scope="col"
                className={classNames("py-1 pl-3 text-right font-normal", className)}
              >
                {t(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.name} className="border-line border-t">
              <th scope="row" className="max-w-40 truncate @2xl:max-w-56 py-1 pr-3 text-left font-normal">
                <TypeName type={item.name} className="text-xs" />
              </th>
              {FIGURES.map(({ name, className, read }) => (
                <td key={name} className={classNames("py-1 pl-3 text-right", className)}>
                  {read(item, format)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
