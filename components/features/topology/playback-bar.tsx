"use client";

import { Pause, Play, Radio, SkipBack, SkipForward, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useEffectEvent, useMemo, useState } from "react";
import { useTimeRange } from "#components/shell/use-time-range.ts";
import { Button } from "#components/ui/button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { frameAt, framesOf } from "./time-frames.ts";
import { TOPOLOGY_RANGE } from "./topology-range.ts";
import { PLAYBACKS, type Playback } from "./topology-view.ts";

const SPEEDS = ["1", "2", "4"] as const;
type Speed = (typeof SPEEDS)[number];
const FRAME_MS = 1_600;

type PlaybackBarProps = {
  playback: Playback;
  onPlayback: (playback: Playback) => void;
  onClose: () => void;
};

/** Plays the graph as it was: a frame of some minutes after the other, by itself or by hand. */
export function PlaybackBar({ playback, onPlayback, onClose }: PlaybackBarProps) {
  const t = useTranslations("topology.playback");
  const format = useFormat();
  const [range, setRange] = useTimeRange(TOPOLOGY_RANGE);
  // Frames stay where they are while somebody looks at them; opening the bar again moves them on.
  const [openedAt] = useState(() => Date.now());
  const frames = useMemo(() => framesOf(playback, openedAt), [playback, openedAt]);
  const [isPlaying, setIsPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>("1");
  const isPast = range.kind === "absolute";
  const last = frames.length - 1;
  const index = isPast ? frameAt(frames, { to: range.to ?? new Date(openedAt).toISOString() }) : last;
  const frame = frames[index];

  const show = (next: number) => {
    const target = frames[Math.min(last, Math.max(0, next))];
    if (target !== undefined) setRange({ kind: "absolute", from: target.from, to: target.to });
  };
  const stepOn = useEffectEvent(() => {
    if (index < last) show(index + 1);
    else setIsPlaying(false);
  });
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(() => stepOn(), FRAME_MS / Number(speed));
    return () => clearInterval(timer);
  }, [isPlaying, speed]);

  const words =
    frame === undefined
      ? ""
      : t("frame", { from: format.minute(frame.from), to: format.clock(frame.to).slice(0, 5) });
  return (
    <section
      aria-label={t("label")}
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-line border-t bg-surface px-2 py-1.5 md:px-4"
    >
      <span className="flex items-center">
        <IconButton
          label={t("earlier")}
          disabled={index <= 0}
          icon={<SkipBack aria-hidden className="size-4" />}
          onClick={() => show(index - 1)}
        />
        <IconButton
          label={t(isPlaying ? "pause" : "play")}
          icon={
            isPlaying ? <Pause aria-hidden className="size-4" /> : <Play aria-hidden className="size-4" />
          }
          onClick={() => {
            // At the end there is nothing left to play: from the beginning.
            if (!isPlaying && index >= last) show(0);
            setIsPlaying(!isPlaying);
          }}
        />
        <IconButton
          label={t("later")}
          disabled={index >= last}
          icon={<SkipForward aria-hidden className="size-4" />}
          onClick={() => show(index + 1)}
        />
      </span>
      <input
        type="range"
        aria-label={t("slider")}
        aria-valuetext={words}
        min={0}
        max={last}
        step={1}
        value={index}
        className="h-6 min-w-40 flex-1 accent-accent"
        onChange={(event) => show(Number(event.target.value))}
      />
      <output className="whitespace-nowrap text-ink-muted text-xs tabular-nums">
        {isPast ? words : t("now")}
      </output>
      <SegmentedControl
        label={t("speed")}
        value={speed}
        onValueChange={setSpeed}
        options={SPEEDS.map((value) => ({ value, label: t("times", { speed: value }) }))}
      />
      <SegmentedControl
        label={t("span")}
        value={playback}
        onValueChange={onPlayback}
        options={PLAYBACKS.map((value) => ({ value, label: t(`spans.${value}`) }))}
      />
      <Button
        size="sm"
        disabled={!isPast}
        icon={<Radio aria-hidden className="size-3.5" />}
        onClick={() => {
          setIsPlaying(false);
          setRange(TOPOLOGY_RANGE);
        }}
      >
        {t("backToNow")}
      </Button>
      <IconButton label={t("close")} icon={<X aria-hidden className="size-4" />} onClick={onClose} />
    </section>
  );
}
