"use client";

import { Ellipsis } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Gap } from "#components/live/live-list.ts";
import { Button } from "#components/ui/button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { recordedAt } from "#server/domain/instant.ts";
import type { GapState } from "./use-gap-loading.ts";

type GapRowProps = { gap: Gap; state: GapState; onLoad: (gap: Gap) => void };

/** A place where events that match are not listed, with how many they are and a way to get them. */
export function GapRow({ gap, state, onLoad }: GapRowProps) {
  const t = useTranslations("live.gap");
  const format = useFormat();
  const count = format.number(gap.missed);
  const isCounted = gap.isExact || gap.missed > 0;
  const words = isCounted ? t(gap.isExact ? "missed" : "missedAtLeast", { count }) : t("missedSome");
  return (
    <span className="flex h-7 items-center gap-2 bg-sunken px-3 text-ink-muted text-xs md:px-4 pointer-coarse:h-11">
      <Ellipsis aria-hidden className="size-3.5 shrink-0" />
      <span className="truncate">{state === "failed" ? t("failed") : words}</span>
      <Button size="sm" className="h-5" isBusy={state === "loading"} onClick={() => onLoad(gap)}>
        {t(state === "failed" ? "retry" : "load")}
      </Button>
      <span suppressHydrationWarning className="ml-auto hidden truncate font-mono text-2xs sm:inline">
        {t("between", {
          from: format.time(recordedAt(gap.after)),
          to: format.time(recordedAt(gap.before)),
        })}
      </span>
    </span>
  );
}
