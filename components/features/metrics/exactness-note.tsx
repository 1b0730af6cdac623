"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import type { Exactness } from "#server/contract/metrics.ts";

/** How true a chart is. */
export function ExactnessNote({ exactness }: { exactness: Exactness }) {
  const t = useTranslations("metrics.exactness");
  const format = useFormat();
  const facts = {
    error: exactness.kind === "bounded" ? format.percent(exactness.relativeError) : "",
    every: exactness.kind === "sampled" ? format.duration(exactness.everyMs) : "",
  };
  return (
    <Tooltip content={t(`${exactness.kind}.hint`, facts)}>
      <button
        type="button"
        className="shrink-0 cursor-help whitespace-nowrap rounded-sm px-1 text-2xs text-ink-faint"
      >
        {t(`${exactness.kind}.name`, facts)}
      </button>
    </Tooltip>
  );
}
