"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { PageHeader } from "#components/shell/page-header.tsx";
import { useTimeRange } from "#components/shell/use-time-range.ts";
import { classNames } from "#components/ui/class-names.ts";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { METRIC_GROUPS, type MetricLabel } from "#server/domain/metrics/catalogue.ts";
import { AnnotationStrip } from "./annotation-strip.tsx";
import { useMarks } from "./annotation-words.ts";
import { ChartCard } from "./chart-card.tsx";
import { HandlerTable } from "./handler-table.tsx";
import { HeatCard } from "./heat-card.tsx";
import { MetricControls, NarrowedTo } from "./metric-controls.tsx";
import { MetricFocus } from "./metric-focus.tsx";
import { HEAT_MAPS, PANELS } from "./metric-panels.ts";
import { metricQueries } from "./metric-queries.ts";
import { type Focus, ignoredBy, narrowTo, whereFor } from "./metric-view.ts";
import { refreshEvery, sharedStep, windowBefore, windowOf } from "./metric-window.ts";
import { useMetricView } from "./use-metric-view.ts";
import { useTick } from "./use-tick.ts";

const CARD_HEIGHT_PX = 150;
const CARD_POINTS = 240;
const LARGE_POINTS = 720;
const NOTHING_HAPPENED = { annotations: [], isCapped: false };

/** How the system ran over time: curves that share a cursor, a zoom that sets the time range, and what was done meanwhile. */
export function MetricsPage() {
  const t = useTranslations("metrics");
  const client = useQueryClient();
  const { view, setView } = useMetricView();
  const [range, setRange] = useTimeRange();
  const now = useTick(range.kind === "relative" ? refreshEvery(windowOf(range, 0)) : null);
  const window = useMemo(() => windowOf(range, now), [range, now]);
  const earlier = useMemo(() => windowBefore(window, view.comparison), [window, view.comparison]);
  const annotations = useQuery(metricQueries.annotations(window)).data ?? NOTHING_HAPPENED;
  const marks = useMarks(annotations, now);
  const refresh = () => void client.invalidateQueries({ queryKey: ["metrics"] });
  useShortcuts([{ keys: "r", label: t("refresh"), group: "page", run: refresh }]);
  const { group, focus } = view;
  const question = (chart: Focus, maxPoints = CARD_POINTS) => ({
    ...chart,
    top: view.top,
    where: whereFor(chart.metric, view.where),
    window,
    maxPoints,
    stepMs: sharedStep(earlier, maxPoints, now),
  });
  const shared = {
    earlier,
    marks,
    onZoom: (fromMs: number, toMs: number) =>
      setRange({ kind: "absolute", from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }),
    onNarrow: (label: MetricLabel, value: string) =>
      setView({ ...view, where: narrowTo(view.where, label, value) }),
  };
  const heatMap = HEAT_MAPS[group];
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={<MetricControls view={view} setView={setView} onRefresh={refresh} />}
      >
        <nav aria-label={t("groupsLabel")} className="flex gap-1 overflow-x-auto px-2 [scrollbar-width:none]">
          {METRIC_GROUPS.map((each) => (
            <button
              key={each}
              type="button"
              aria-current={each === group ? "page" : undefined}
              onClick={() => setView({ ...view, group: each, focus: null })}
              className={classNames(
                "-mb-px flex h-8 items-center whitespace-nowrap border-b-2 px-2 font-medium text-sm -outline-offset-2 pointer-coarse:h-11",
                each === group
                  ? "border-accent text-ink"
                  : "border-transparent text-ink-muted hover:text-ink",
              )}
            >
              {t(`groups.${each}`)}
            </button>
          ))}
        </nav>
        <NarrowedTo view={view} setView={setView} />
      </PageHeader>
      <AnnotationStrip list={annotations} window={window} />
      <div className="p-3 md:p-4">
        {focus === null ? (
          <div className="flex flex-col gap-3">
            <div className="grid gap-3 md:grid-cols-2 2xl:grid-cols-3">
              {PANELS[group].map((panel) => (
                <ChartCard
                  key={`${panel.metric}/${panel.by}`}
                  question={question(panel)}
                  ignored={ignoredBy(panel.metric, view.where)}
                  height={CARD_HEIGHT_PX}
                  onEnlarge={() => setView({ ...view, focus: panel })}
                  {...shared}
                />
              ))}
            </div>
            {heatMap === undefined ? null : (
              <HeatCard
                metric={heatMap}
                where={view.where}
                window={window}
                marks={marks}
                onZoom={shared.onZoom}
              />
            )}
            {group === "consumers" ? (
              <HandlerTable
                window={window}
                where={view.where}
                onNarrow={(consumer) => shared.onNarrow("consumer", consumer)}
              />
            ) : null}
          </div>
        ) : (
          <MetricFocus
            view={{ ...view, focus }}
            setFocus={(next) => setView({ ...view, focus: next })}
            question={(chart) => question(chart, LARGE_POINTS)}
            window={window}
            {...shared}
          />
        )}
      </div>
    </>
  );
}
