"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { HeatChart } from "#components/ui/chart/heat-chart.tsx";
import type { ChartMark } from "#components/ui/chart/time-plot.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { HeatMapDto, LabelFilter } from "#server/contract/metrics.ts";
import { definitionOf, type MetricName } from "#server/domain/metrics/catalogue.ts";
import { ChartNotices } from "./chart-notices.tsx";
import { ExactnessNote } from "./exactness-note.tsx";
import { metricQueries } from "./metric-queries.ts";
import { ignoredBy, whereFor } from "./metric-view.ts";
import type { MetricWindow } from "./metric-window.ts";
import { NotNarrowed } from "./not-narrowed.tsx";
import { useMetricWords } from "./use-metric-words.ts";

const HEIGHT_PX = 200;
/** Columns narrower than this can't be told apart. */
const MAX_COLUMNS = 180;

type HeatCardProps = {
  metric: MetricName;
  where: LabelFilter;
  window: MetricWindow;
  marks: readonly ChartMark[];
  onZoom: (fromMs: number, toMs: number) => void;
};

/** How many took how long: what an average hides, and a percentile alone too. */
export function HeatCard({ metric, where, window, marks, onZoom }: HeatCardProps) {
  const t = useTranslations("metrics");
  const words = useMetricWords();
  const [at, setAt] = useState<{ column: number; row: number | null } | null>(null);
  const known = whereFor(metric, where);
  const query = useQuery(metricQueries.heatMap({ metric, where: known, window, maxPoints: MAX_COLUMNS }));
  const map = query.data;
  const name = t("heatMap.title", { name: t(`names.${metric}`) });
  const { unit } = definitionOf(metric);
  return (
    <section aria-label={name} className="flex min-w-0 flex-col rounded-lg border border-line bg-surface">
      <header className="flex min-h-9 flex-wrap items-center gap-x-2 px-3 py-1 sm:flex-nowrap">
        <h2 className="min-w-0 truncate font-medium text-sm max-sm:flex-1">{name}</h2>
        <span className="min-w-0 truncate text-ink-faint text-xs max-sm:order-last max-sm:w-full sm:flex-1">
          {map === undefined || at === null ? t("heatMap.hint") : <CellWords map={map} at={at} unit={unit} />}
        </span>
        {map === undefined ? null : <ExactnessNote exactness={map.exactness} />}
      </header>
      <NotNarrowed labels={ignoredBy(metric, where)} />
      <ChartNotices query={query} shownTo={map?.window.to} name={name} height={HEIGHT_PX} />
      {map === undefined ? null : (
        <div className="relative px-1 pb-1" onPointerLeave={() => setAt(null)}>
          <HeatChart
            label={name}
            startMs={Date.parse(map.window.from)}
            stepMs={map.stepMs}
            columns={Math.round((Date.parse(map.window.to) - Date.parse(map.window.from)) / map.stepMs)}
            bounds={map.bounds}
            cells={map.cells}
            highest={map.highest}
            gaps={map.gaps}
            marks={marks}
            height={HEIGHT_PX}
            write={(value) => words.write(value, unit, "p95")}
            onCursor={setAt}
            onZoom={onZoom}
          />
          {map.cells.length === 0 ? (
            <p className="pointer-events-none absolute inset-0 flex items-center justify-center pb-6 text-ink-faint text-xs">
              {t("heatMap.empty")}
            </p>
          ) : null}
        </div>
      )}
    </section>
  );
}

type CellWordsProps = {
  map: HeatMapDto;
  at: { column: number; row: number | null };
  unit: Parameters<ReturnType<typeof useMetricWords>["write"]>[1];
};

function CellWords({ map, at, unit }: CellWordsProps) {
  const t = useTranslations("metrics.heatMap");
  const format = useFormat();
  const words = useMetricWords();
  const { column, row } = at;
  const from = row === null ? undefined : map.bounds[row];
  const to = row === null ? undefined : map.bounds[row + 1];
  if (from === undefined || to === undefined) return null;
  const count = map.cells.find(([each, itsRow]) => each === column && itsRow === row)?.[2] ?? 0;
  return t("cell", {
    time: format.clock(Date.parse(map.window.from) + column * map.stepMs),
    from: words.write(from, unit, "p95"),
    to: words.write(to, unit, "p95"),
    count: format.number(count),
  });
}
