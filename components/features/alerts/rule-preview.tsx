"use client";

import { useTranslations } from "next-intl";
import { LineChart } from "#components/ui/chart/line-chart.tsx";
import type { ChartMark } from "#components/ui/chart/time-plot.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { AlertCondition, AlertPreviewDto } from "#server/contract/alerts.ts";
import { useRuleWords } from "./use-rule-words.ts";

const HEIGHT_PX = 120;
const MAX_LISTED = 5;
/** A shorter course is no course. */
const LEAST_STEPS = 24;

/** What a rule would have done last week, and what it sees now. */
export function RulePreview({ preview, condition }: { preview: AlertPreviewDto; condition: AlertCondition }) {
  const t = useTranslations("alerts.preview");
  const format = useFormat();
  const words = useRuleWords();
  const { fired, firings, isCapped, knownFrom, series, stepMs, window } = preview;
  const marks: ChartMark[] = firings.map(({ from, to }, index) => ({
    key: String(index),
    atMs: Date.parse(from),
    endMs: Date.parse(to ?? window.to),
    colour: "var(--danger)",
  }));
  // What nothing was kept of would only press the rest together.
  const first = series.values.findIndex((value) => value !== null);
  const before = Math.max(0, Math.min(first - 1, series.values.length - LEAST_STEPS));
  const listed = firings.slice(-MAX_LISTED).toReversed();
  return (
    <section
      aria-label={t("title")}
      className="flex flex-col gap-2 rounded-md border border-line bg-surface p-3"
    >
      <p role="status" className="font-medium">
        {t(isCapped ? "firedAtLeast" : "fired", { count: fired })}
      </p>
      <p className="text-ink-muted text-xs">
        {knownFrom === null
          ? t("nothingKept")
          : t("known", { from: format.minute(knownFrom), step: format.duration(stepMs) })}
      </p>
      {series.values.length === 0 ? null : (
        <LineChart
          label={t("course")}
          startMs={Date.parse(series.from) + before * series.stepMs}
          stepMs={series.stepMs}
          lines={[{ key: "series", colour: "var(--chart-1)", values: series.values.slice(before) }]}
          marks={marks}
          height={HEIGHT_PX}
          write={(value) => words.seen(condition, value) ?? ""}
        />
      )}
      {listed.length === 0 ? null : (
        <ul className="flex flex-col gap-0.5 text-xs">
          {listed.map(({ labels, from, to, worst }) => (
            <li key={`${from}/${words.series(labels)}`} className="flex flex-wrap gap-x-2">
              <span className="tabular-nums">{format.minute(from)}</span>
              <span className="text-ink-muted">
                {to === null
                  ? t("lasts")
                  : t("lasted", { duration: format.duration(Date.parse(to) - Date.parse(from)) })}
              </span>
              <span className="min-w-0 truncate">{words.series(labels)}</span>
              <span className="tabular-nums">{words.seen(condition, worst)}</span>
            </li>
          ))}
        </ul>
      )}
      {preview.now.length === 0 ? null : (
        <p className="text-ink-muted text-xs">
          {t("now", {
            values: preview.now
              .slice(0, MAX_LISTED)
              .map(({ labels, value }) =>
                `${words.series(labels)} ${words.seen(condition, value) ?? "–"}`.trim(),
              )
              .join(" · "),
          })}
        </p>
      )}
    </section>
  );
}
