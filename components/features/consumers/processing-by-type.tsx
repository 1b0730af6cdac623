"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { useTimeRange } from "#components/shell/use-time-range.ts";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
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

function TypeTable({ items }: Pick<ProcessingDto, "items">) {
  const t = useTranslations("consumers.byType");
  const format = useFormat();
  const duration = (ms: number | null) => (ms === null ? "–" : format.duration(ms));
  const heads = [
    "succeeded",
    "failed",
    "retried",
    "duplicates",
    "dead",
    "failureRate",
    "average",
    "p95",
    "critical",
  ] as const;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="overflow-x-auto" tabIndex={0}>
      <table aria-label={t("label")} className="w-full whitespace-nowrap text-xs tabular-nums">
        <thead className="text-ink-faint">
          <tr>
            <th scope="col" className="py-1 pr-3 text-left font-normal">
              {t("type")}
            </th>
            {heads.map((head) => (
              <th key={head} scope="col" className="py-1 pl-3 text-right font-normal">
                {t(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.name} className="border-line border-t">
              <th scope="row" className="max-w-56 truncate py-1 pr-3 text-left font-normal">
                <TypeName type={item.name} className="text-xs" />
              </th>
              {[
                format.number(item.successful_events),
                format.number(item.failed),
                format.number(item.retried),
                format.number(item.duplicates),
                format.number(item.dead),
                item.failure_rate === null ? "–" : format.percent(item.failure_rate),
                duration(item.average_duration),
                duration(item.processing_time.p95),
                duration(item.critical_time.p95),
              ].map((value, index) => (
                <td key={heads[index]} className="py-1 pl-3 text-right">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
