"use client";

import { ArrowLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import type { ChartMark } from "#components/ui/chart/time-plot.ts";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { Select } from "#components/ui/select.tsx";
import { useNarrowScreen } from "#components/ui/use-media-query.ts";
import { definitionOf, type MetricLabel, STATS_OF } from "#server/domain/metrics/catalogue.ts";
import { ChartCard } from "./chart-card.tsx";
import { HeatCard } from "./heat-card.tsx";
import type { ChartQuestion } from "./metric-queries.ts";
import { type Focus, ignoredBy, type MetricView } from "./metric-view.ts";
import type { MetricWindow } from "./metric-window.ts";

const ALL = "all";

type MetricFocusProps = {
  view: MetricView & { focus: Focus };
  setFocus: (focus: Focus | null) => void;
  question: (focus: Focus) => ChartQuestion;
  window: MetricWindow;
  earlier: MetricWindow | null;
  marks: readonly ChartMark[];
  onZoom: (fromMs: number, toMs: number) => void;
  onNarrow: (label: MetricLabel, value: string) => void;
};

/** One metric, large: told in any way, broken down by anything that it has. */
export function MetricFocus(props: MetricFocusProps) {
  const { view, setFocus, question, window, earlier, marks, onZoom, onNarrow } = props;
  const { focus } = view;
  const t = useTranslations("metrics");
  const isNarrow = useNarrowScreen();
  const { kind, labels } = definitionOf(focus.metric);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Button icon={<ArrowLeft aria-hidden className="size-3.5" />} onClick={() => setFocus(null)}>
          {t("allCharts")}
        </Button>
        {STATS_OF[kind].length === 1 ? null : (
          <SegmentedControl
            label={t("statistic")}
            value={focus.stat}
            onValueChange={(stat) => setFocus({ ...focus, stat })}
            options={STATS_OF[kind].map((value) => ({ value, label: t(`stats.${value}`) }))}
          />
        )}
        {labels.length === 0 ? null : (
          <Select
            label={t("breakdown")}
            value={focus.by ?? ALL}
            onValueChange={(by) => setFocus({ ...focus, by: by === ALL ? null : by })}
            options={[
              { value: ALL, label: t("together") },
              ...labels.map((value) => ({ value, label: t("by", { label: t(`labels.${value}`) }) })),
            ]}
            className="w-44"
          />
        )}
      </div>
      <p className="max-w-prose text-ink-muted text-sm">{t(`hints.${focus.metric}`)}</p>
      <ChartCard
        question={question(focus)}
        earlier={earlier}
        marks={marks}
        ignored={ignoredBy(focus.metric, view.where)}
        height={isNarrow ? 240 : 380}
        onZoom={onZoom}
        onNarrow={onNarrow}
      />
      {kind === "histogram" ? (
        <HeatCard metric={focus.metric} where={view.where} window={window} marks={marks} onZoom={onZoom} />
      ) : null}
    </div>
  );
}
