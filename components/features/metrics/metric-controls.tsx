"use client";

import { RotateCw, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { TimeRangePicker } from "#components/shell/time-range-picker.tsx";
import { Button } from "#components/ui/button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Select } from "#components/ui/select.tsx";
import { METRIC_LABELS } from "#server/domain/metrics/catalogue.ts";
import { COMPARISONS, type MetricView, TOPS, widen } from "./metric-view.ts";
import { useMetricWords } from "./use-metric-words.ts";

type ControlsProps = { view: MetricView; setView: (view: MetricView) => void };

/** What is compared, how many lines a chart has, and of which time. */
export function MetricControls({ view, setView, onRefresh }: ControlsProps & { onRefresh: () => void }) {
  const t = useTranslations("metrics");
  return (
    <>
      <Select
        label={t("compare.label")}
        value={view.comparison}
        onValueChange={(comparison) => setView({ ...view, comparison })}
        options={COMPARISONS.map((value) => ({ value, label: t(`compare.${value}`) }))}
        className="w-44 max-sm:w-40"
      />
      <Select
        label={t("top.label")}
        value={String(view.top)}
        onValueChange={(text) =>
          setView({ ...view, top: TOPS.find((top) => String(top) === text) ?? view.top })
        }
        options={TOPS.map((top) => ({ value: String(top), label: t("top.of", { count: top }) }))}
        className="w-24"
      />
      <TimeRangePicker />
      <IconButton
        label={t("refresh")}
        keys="r"
        icon={<RotateCw aria-hidden className="size-4" />}
        onClick={onRefresh}
      />
    </>
  );
}

/** What the page is narrowed to, each with a way to widen it. */
export function NarrowedTo({ view, setView }: ControlsProps) {
  const t = useTranslations("metrics");
  const words = useMetricWords();
  const labels = METRIC_LABELS.filter((label) => view.where[label] !== undefined);
  if (labels.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-1.5 border-line border-t px-3 py-1.5 md:px-4">
      {labels.map((label) => {
        const names = (view.where[label] ?? []).map((value) => words.nameOf(label, value)).join(", ");
        return (
          <Button
            key={label}
            size="sm"
            title={names}
            aria-label={t("widen", { label: t(`labels.${label}`), name: names })}
            onClick={() => setView({ ...view, where: widen(view.where, label) })}
          >
            <span className="max-w-60 truncate">
              {t(`labels.${label}`)}: {names}
            </span>
            <X aria-hidden className="size-3" />
          </Button>
        );
      })}
    </div>
  );
}
