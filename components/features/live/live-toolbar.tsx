"use client";

import { CirclePause, CloudOff, Hand, Pause, Play, Radio } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { LiveList, WaitingCount } from "#components/live/live-list.ts";
import type { RateWindow } from "#components/live/rate-window.ts";
import { Button } from "#components/ui/button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import { RateMeter } from "./rate-meter.tsx";

export type FollowState = "following" | "holding" | "paused" | "lost";

const ICONS = { following: Radio, holding: Hand, paused: CirclePause, lost: CloudOff };

type LiveToolbarProps = {
  state: FollowState;
  isPaused: boolean;
  waiting: WaitingCount;
  counts: LiveList["counts"];
  rate: RateWindow;
  onTogglePause: () => void;
  columnMenu: ReactNode;
};

/** Whether the list moves, how fast events come, and how many of them are on it. */
export function LiveToolbar(props: LiveToolbarProps) {
  const { state, isPaused, counts, rate, onTogglePause, columnMenu } = props;
  const t = useTranslations("live");
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
      {isPaused ? <Waiting waiting={props.waiting} /> : null}
      <span className="flex w-full items-center justify-between gap-4 sm:ml-auto sm:w-auto">
        <Counters counts={counts} />
        <RateMeter rate={rate} />
        {columnMenu}
      </span>
    </div>
  );
}

/** Outside the status: read aloud with every frame, it would never end. */
function Waiting({ waiting: { count, isExact } }: { waiting: WaitingCount }) {
  const t = useTranslations("live.waiting");
  const format = useFormat();
  return <span>{t(isExact ? "wait" : "waitAtLeast", { count: format.number(count) })}</span>;
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
