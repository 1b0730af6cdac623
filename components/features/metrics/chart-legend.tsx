"use client";

import { Filter } from "lucide-react";
import { useTranslations } from "next-intl";
import { classNames } from "#components/ui/class-names.ts";
import { NameEnd } from "#components/ui/name-end.tsx";
import type { MetricAnswerDto } from "#server/contract/metrics.ts";
import type { MetricLabel } from "#server/domain/metrics/catalogue.ts";
import type { NamedLine } from "./chart-lines.ts";
import { useMetricWords } from "./use-metric-words.ts";

type ChartLegendProps = {
  answer: MetricAnswerDto;
  lines: readonly NamedLine[];
  /** The step under the cursor; null for the whole window. */
  cursor: number | null;
  highlighted: string | null;
  onHighlight: (key: string | null) => void;
  onNarrow: (label: MetricLabel, value: string) => void;
};

/** What each line is, with its value under the cursor, or over the whole window. */
export function ChartLegend({ answer, lines, cursor, highlighted, onHighlight, onNarrow }: ChartLegendProps) {
  const t = useTranslations("metrics");
  const words = useMetricWords();
  const { by, unit, stat, others } = answer;
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-x-3 px-3 pb-2 text-xs">
      {lines.map((line) => {
        const value = cursor === null ? line.overall : (line.values[cursor] ?? null);
        const name = by === null ? t("all") : words.nameOf(by, line.value);
        return (
          <li
            key={line.key}
            onPointerEnter={() => onHighlight(line.key)}
            onPointerLeave={() => onHighlight(null)}
            className={classNames(
              "group flex h-5 min-w-0 items-center gap-1.5 rounded-sm px-1",
              highlighted === line.key && "bg-hover",
            )}
          >
            <span aria-hidden className="h-0.5 w-3 shrink-0 rounded" style={{ background: line.colour }} />
            {by === null ? (
              <span className="min-w-0 flex-1 truncate text-ink-muted">{name}</span>
            ) : (
              <button
                type="button"
                title={t("narrowTo", { name })}
                onClick={() => onNarrow(by, line.value)}
                className="flex min-w-0 flex-1 items-center gap-1 text-left hover:underline"
              >
                <NameEnd>{name}</NameEnd>
                <Filter
                  aria-hidden
                  className="size-3 shrink-0 text-ink-faint opacity-0 group-hover:opacity-100"
                />
              </button>
            )}
            <span className="shrink-0 tabular-nums">{words.write(value, unit, stat)}</span>
            {line.earlier === null || cursor !== null ? null : (
              <span title={t("earlier")} className="shrink-0 text-ink-faint tabular-nums">
                {words.write(line.earlier, unit, stat)}
              </span>
            )}
          </li>
        );
      })}
      {others === 0 ? null : <li className="h-5 px-1 text-ink-faint">{t("others", { count: others })}</li>}
    </ul>
  );
}
