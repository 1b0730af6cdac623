"use client";

import { Maximize2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { LineChart } from "#components/ui/chart/line-chart.tsx";
import type { ChartMark } from "#components/ui/chart/time-plot.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { MetricAnswerDto } from "#server/contract/metrics.ts";
import type { MetricLabel } from "#server/domain/metrics/catalogue.ts";
import { ChartLegend } from "./chart-legend.tsx";
import { ChartMenu } from "./chart-menu.tsx";
import { ChartNotices } from "./chart-notices.tsx";
import { EarlierNote } from "./earlier-note.tsx";
import { evidenceHref } from "./evidence-href.ts";
import { ExactnessNote } from "./exactness-note.tsx";
import type { ChartQuestion } from "./metric-queries.ts";
import type { MetricWindow } from "./metric-window.ts";
import { NotNarrowed } from "./not-narrowed.tsx";
import { useChart } from "./use-chart.ts";
import { useMetricWords } from "./use-metric-words.ts";

type ChartCardProps = {
  question: ChartQuestion;
  /** The window that it is compared with. */
  earlier: MetricWindow | null;
  marks: readonly ChartMark[];
  /** What the page is narrowed to, and the metric is not told apart by. */
  ignored: readonly MetricLabel[];
  height: number;
  onZoom: (fromMs: number, toMs: number) => void;
  onNarrow: (label: MetricLabel, value: string) => void;
  /** Shows it large; left out where it is. */
  onEnlarge?: () => void;
};

/** One chart with its name, its legend and what can be done with it. */
export function ChartCard(props: ChartCardProps) {
  const { question, earlier, marks, ignored, height, onZoom, onNarrow, onEnlarge } = props;
  const t = useTranslations("metrics");
  const words = useMetricWords();
  const box = useRef<HTMLElement>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const { query, answer, lines, drawn, earlierProblem } = useChart(question, earlier);
  const { metric, stat, by } = question;
  const router = useRouter();
  const hrefAt = (step: number, line: string | null) => {
    if (answer === undefined) return null;
    const value = lines.find(({ key }) => key === line)?.value;
    const where = by === null || value === undefined ? question.where : { ...question.where, [by]: [value] };
    const fromMs = Date.parse(answer.window.from) + step * answer.stepMs;
    return evidenceHref({ metric, where, fromMs, toMs: fromMs + answer.stepMs });
  };
  const name = t(`names.${metric}`);
  const how =
    by === null ? t(`stats.${stat}`) : t("statBy", { stat: t(`stats.${stat}`), label: t(`labels.${by}`) });
  return (
    <section
      ref={box}
      aria-label={`${name}, ${how}`}
      className="flex min-w-0 flex-col rounded-lg border border-line bg-surface"
    >
      <header className="flex h-9 items-center gap-2 pr-1 pl-3">
        <h2 title={t(`hints.${metric}`)} className="min-w-0 truncate font-medium text-sm">
          {name}
        </h2>
        <span title={how} className="min-w-0 flex-1 truncate text-ink-faint text-xs">
          {how}
        </span>
        {answer === undefined ? null : <ExactnessNote exactness={answer.exactness} />}
        {onEnlarge === undefined ? null : (
          <IconButton
            size="sm"
            label={t("enlarge", { name })}
            icon={<Maximize2 aria-hidden className="size-3.5" />}
            onClick={onEnlarge}
          />
        )}
        <ChartMenu name={name} question={question} answer={answer} box={() => box.current} />
      </header>
      <NotNarrowed labels={ignored} />
      {earlierProblem === null ? null : <EarlierNote problem={earlierProblem} />}
      <ChartNotices query={query} shownTo={answer?.window.to} name={name} height={height} />
      {answer === undefined ? null : (
        <div className="relative px-1" onPointerLeave={() => setCursor(null)}>
          <LineChart
            label={`${name}, ${how}`}
            startMs={Date.parse(answer.window.from)}
            stepMs={answer.stepMs}
            steps={stepsOf(answer)}
            lines={drawn}
            marks={marks}
            height={height}
            write={(value) => words.write(value, answer.unit, answer.stat)}
            highlighted={highlighted}
            onCursor={setCursor}
            onZoom={onZoom}
            onPick={(step, line) => {
              const href = hrefAt(step, line);
              if (href !== null) router.push(href);
            }}
          />
          {lines.every(({ values }) => values.every((value) => value === null)) ? (
            <p className="pointer-events-none absolute inset-0 flex items-center justify-center pb-6 text-ink-faint text-xs">
              {t("nothingKnown")}
            </p>
          ) : null}
        </div>
      )}
      {answer === undefined ? null : (
        <ChartLegend
          answer={answer}
          lines={lines}
          cursor={cursor}
          highlighted={highlighted}
          onHighlight={setHighlighted}
          onNarrow={onNarrow}
        />
      )}
    </section>
  );
}

function stepsOf({ window, stepMs }: MetricAnswerDto): number {
  return Math.round((Date.parse(window.to) - Date.parse(window.from)) / stepMs);
}
