"use client";

import { CalendarClock, ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { AbsoluteRangeForm } from "./absolute-range-form.tsx";
import { PRESETS, type TimeRange } from "./time-range.ts";
import { useTimeRange } from "./use-time-range.ts";

/** Chooses the window of recorded time that the page shows; the choice is in the address. */
export function TimeRangePicker({ fallback }: { fallback?: TimeRange }) {
  const t = useTranslations("timeRange");
  const [range, setRange] = useTimeRange(fallback);
  const [isOpen, setIsOpen] = useState(false);
  const label = useTimeRangeLabel(range);
  const choose = (next: TimeRange) => {
    setRange(next);
    setIsOpen(false);
  };
  const trigger = (
    <Button
      aria-label={`${t("title")}: ${label}`}
      icon={<CalendarClock aria-hidden className="size-3.5 text-ink-faint" />}
      className="max-w-full"
    >
      <span className="truncate">{label}</span>
      <ChevronDown aria-hidden className="size-3.5 text-ink-faint" />
    </Button>
  );
  return (
    <Popover trigger={trigger} label={t("title")} align="end" open={isOpen} onOpenChange={setIsOpen}>
      <div className="flex flex-col gap-4 sm:flex-row">
        <fieldset>
          <legend className="mb-1 font-medium text-2xs text-ink-faint">{t("relative")}</legend>
          <div className="grid grid-cols-4 gap-1 sm:w-28 sm:grid-cols-1">
            {PRESETS.map((preset) => {
              const isCurrent = range.kind === "relative" && range.preset === preset;
              return (
                <button
                  key={preset}
                  type="button"
                  aria-pressed={isCurrent}
                  onClick={() => choose({ kind: "relative", preset })}
                  className={classNames(
                    "h-6 whitespace-nowrap rounded-sm px-2 text-left text-sm pointer-coarse:h-9",
                    isCurrent ? "bg-selected font-medium text-accent" : "hover:bg-hover",
                  )}
                >
                  {t(`preset.${preset}`)}
                </button>
              );
            })}
          </div>
        </fieldset>
        <AbsoluteRangeForm range={range} onApply={choose} />
      </div>
    </Popover>
  );
}

/** The range in words, in the reader's language and zone. */
function useTimeRangeLabel(range: TimeRange): string {
  const t = useTranslations("timeRange");
  const format = useFormat();
  if (range.kind === "relative") return t("lastPreset", { span: t(`preset.${range.preset}`) });
  const { from, to } = range;
  if (from === null && to === null) return t("anyTime");
  const isOneDay = from !== null && to !== null && format.date(from) === format.date(to);
  const writeEnd = () => {
    if (to === null) return t("openEnd");
    return isOneDay ? format.clock(to).slice(0, 5) : format.minute(to);
  };
  return t("between", {
    from: from === null ? t("openStart") : format.minute(from),
    to: writeEnd(),
  });
}
