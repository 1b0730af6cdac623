"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Database, Pause, Play, Radio, SkipBack, SkipForward } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useEffectEvent, useMemo, useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import type { Trace } from "#server/domain/sagas/trace.ts";
import { momentAt, momentsOf, stepMoment, strideOf } from "./play-moments.ts";
import { traceQueries } from "./trace-queries.ts";
import type { TraceViewState } from "./use-trace-view.ts";

const STEP_MS = 1_000;

type PlayBarProps = {
  /** The whole trace, whatever of it is shown. */
  trace: Trace;
  view: TraceViewState;
  /** The moment that is shown is still that of the step before. */
  isCatchingUp: boolean;
};

/** Plays a trace from moment to moment, by itself or by hand; what it was then is shown everywhere on the page. */
export function PlayBar({ trace, view, isCatchingUp }: PlayBarProps) {
  const t = useTranslations("trace.play");
  const format = useFormat();
  const { atUs, setAt } = view;
  const states = useQuery({
    ...traceQueries.states(view.reference, atUs),
    enabled: atUs !== null || view.hasStates,
    placeholderData: keepPreviousData,
  });
  const models = useMemo(() => states.data?.readModels ?? [], [states.data]);
  const moments = useMemo(
    () =>
      momentsOf(
        trace,
        models.flatMap(({ appliedUs }) => appliedUs ?? []),
      ),
    [trace, models],
  );
  const [isPlaying, setIsPlaying] = useState(false);
  const step = (by: number) => setAt(stepMoment(moments, atUs, by));
  const stepOn = useEffectEvent(() => {
    if (isCatchingUp) return;
    if (atUs === null) setIsPlaying(false);
    else step(strideOf(moments));
  });
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(() => stepOn(), STEP_MS);
    return () => clearInterval(timer);
  }, [isPlaying]);
  const play = () => {
    if (!isPlaying && atUs === null) setAt(moments[0] ?? null);
    setIsPlaying(!isPlaying);
  };
  useShortcuts([
    { keys: ",", label: t("previous"), group: "page", run: () => step(-1) },
    { keys: ".", label: t("next"), group: "page", run: () => step(1) },
    { keys: "space", label: t(isPlaying ? "pause" : "play"), group: "page", run: play },
  ]);
  const index = momentAt(moments, atUs);
  const since = format.duration(((atUs ?? trace.endUs) - trace.startUs) / 1000);
  const words =
    atUs === null
      ? t("now")
      : t("at", { time: format.time(atUs / 1000), since, place: index + 1, of: moments.length });
  const behind = atUs === null ? [] : models.filter(({ waiting }) => waiting !== null && waiting > 0);
  return (
    <section
      aria-label={t("label")}
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-line border-t bg-surface px-2 py-1 md:px-4"
    >
      <span className="flex items-center">
        <IconButton
          label={t("previous")}
          keys=","
          disabled={atUs !== null && index <= 0}
          icon={<SkipBack aria-hidden className="size-4" />}
          onClick={() => step(-1)}
        />
        <IconButton
          label={t(isPlaying ? "pause" : "play")}
          keys="space"
          icon={
            isPlaying ? <Pause aria-hidden className="size-4" /> : <Play aria-hidden className="size-4" />
          }
          onClick={play}
        />
        <IconButton
          label={t("next")}
          keys="."
          disabled={atUs === null}
          icon={<SkipForward aria-hidden className="size-4" />}
          onClick={() => step(1)}
        />
      </span>
      <input
        type="range"
        aria-label={t("slider")}
        aria-valuetext={words}
        min={0}
        max={Math.max(0, moments.length - 1)}
        step={1}
        value={index}
        className="h-6 min-w-24 flex-1 accent-accent"
        onChange={(event) => setAt(moments[Number(event.target.value)] ?? null)}
      />
      <output className="whitespace-nowrap text-ink-muted text-xs tabular-nums">{words}</output>
      {behind.map(({ projection, aggregate, waiting }) => (
        <Badge key={`${projection} ${aggregate.type} ${aggregate.id}`} tone="warn">
          {t("behind", { projection, count: waiting ?? 0 })}
        </Badge>
      ))}
      <Button
        size="sm"
        aria-pressed={view.hasStates}
        icon={<Database aria-hidden className="size-3.5" />}
        className={view.hasStates ? "bg-selected" : ""}
        onClick={() => view.setStates(!view.hasStates)}
      >
        {t("states")}
      </Button>
      {atUs === null ? null : (
        <Button
          size="sm"
          icon={<Radio aria-hidden className="size-3.5" />}
          onClick={() => {
            setIsPlaying(false);
            setAt(null);
          }}
        >
          {t("backToNow")}
        </Button>
      )}
    </section>
  );
}
