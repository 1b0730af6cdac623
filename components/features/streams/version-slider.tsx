"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { IconButton } from "#components/ui/icon-button.tsx";

type VersionSliderProps = {
  version: number;
  lowest: number;
  highest: number;
  onChange: (version: number) => void;
};

/** Moves through time, version by version: by dragging, by arrow keys on the handle, by its buttons. */
export function VersionSlider({ version, lowest, highest, onChange }: VersionSliderProps) {
  const t = useTranslations("streams");
  return (
    <div className="flex shrink-0 items-center gap-2 border-line border-b bg-surface px-3 py-1.5 md:px-4">
      <IconButton
        label={t("previous")}
        keys="k"
        disabled={version <= lowest}
        icon={<ChevronLeft aria-hidden className="size-4" />}
        onClick={() => onChange(version - 1)}
      />
      <input
        type="range"
        aria-label={t("slider")}
        aria-valuetext={t("versionOf", { version, highest })}
        min={lowest}
        max={highest}
        step={1}
        value={version}
        className="h-6 min-w-0 flex-1 accent-accent"
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <IconButton
        label={t("next")}
        keys="j"
        disabled={version >= highest}
        icon={<ChevronRight aria-hidden className="size-4" />}
        onClick={() => onChange(version + 1)}
      />
      <output className="whitespace-nowrap text-ink-muted text-xs tabular-nums">
        {t("versionOf", { version, highest })}
      </output>
    </div>
  );
}
