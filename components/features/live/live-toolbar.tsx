"use client";

import { CirclePause, Hand, Pause, Play, Radio } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { LiveList } from "#components/live/live-list.ts";
import type { RateWindow } from "#components/live/rate-window.ts";
import { Button } from "#components/ui/button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import { RateMeter } from "./rate-meter.tsx";

export type FollowState = "following" | "holding" | "paused";

const ICONS = { following: Radio, holding: Hand, paused: CirclePause };

type LiveToolbarProps = {
  state: FollowState;
  counts: LiveList["counts"];
  rate: RateWindow;
  onTogglePause: () => void;
  columnMenu: ReactNode;
};

/** Whether the list moves, how fast events come, and how many of them are on it. */
export function LiveToolbar({ state, counts, rate, onTogglePause, columnMenu }: LiveToolbarProps) {
  const t = useTranslations("live");
  const isPaused = state === "paused";
  const Icon = ICONS[state];
  return (
    <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-line border-b bg-surface px-2 py-1 text-ink-muted text-xs md:px-4">
      <Tooltip content={t(isPaused ? "resumeHint" : "pauseHint")} align="start">
        <Button
          size="sm"
          variant={isPaused ? "primary" : "secondary"}
          icon={
            isPaused ? <Play aria-hidden className="size-3.5" /> : <Pause aria-hidden className="size-3.5" />
          }
          onClick={onTogglePause}
        >
          {t(isPaused ? "resume" : "pause")}
          <span className="hidden md:inline">
            <Kbd keys="space" />
          </span>
        </Button>
      </Tooltip>
      <span role="status" className="flex items-center gap-1.5">
        <Icon
          aria-hidden
          className={state === "following" ? "size-3.5 text-ok-ink" : "size-3.5 text-warn-ink"}
        />
        {t(`state.${state}`)}
      </span>
      <span className="flex w-full items-center justify-between gap-4 sm:ml-auto sm:w-auto">
        <Counters counts={counts} />
        <RateMeter rate={rate} />
        {columnMenu}
      </span>
    </div>
  );
}

function Counters({ counts }: { counts: LiveList["counts"] }) {
  const t = useTranslations("live.counts");
  const format = useFormat();
  return (
    <Tooltip content={t("hint")}>
      <span className="flex gap-1.5 whitespace-nowrap">
        <span>{t("matched", { count: format.number(counts.matched) })}</span>·
        <span>{t("shown", { count: format.number(counts.shown) })}</span>·
        <span className={counts.skipped > 0 ? "text-warn-ink" : undefined}>
          {t("skipped", { count: format.number(counts.skipped) })}
        </span>
      </span>
    </Tooltip>
  );
}
