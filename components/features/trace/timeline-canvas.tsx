"use client";

import { useTranslations } from "next-intl";
import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useEffectEvent,
  useId,
  useRef,
  useState,
} from "react";
import { onOtherColours } from "#components/ui/canvas-colour.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { LaneLabels } from "./lane-labels.tsx";
import { placeOf } from "./timeline-axis.ts";
import { moveByKey, stepEvent } from "./timeline-keys.ts";
import { countMarks } from "./timeline-plan.ts";
import { barY, markY, type TimelineScene } from "./timeline-scene.ts";
import { type StageLook, TimelineStage } from "./timeline-stage.ts";
import { TimelineTooltip } from "./timeline-tooltip.tsx";
import type { TraceSelection } from "./trace-selection.ts";
import { type Hovered, useStageInput } from "./use-stage-input.ts";

const STEPS: Record<string, 1 | -1> = { "[": -1, "]": 1 };

type TimelineCanvasProps = StageLook & {
  scene: TimelineScene;
  stage: RefObject<TimelineStage | null>;
  onSelect: (selection: TraceSelection | null) => void;
  onSight: (isWhole: boolean) => void;
};

/** The lanes of a timeline on a canvas, with an overview above. The tree says the same to those who can't see it. */
export function TimelineCanvas({ scene, stage, onSelect, onSight, ...look }: TimelineCanvasProps) {
  const t = useTranslations("trace.timeline");
  const format = useFormat();
  const keysId = useId();
  const canvas = useRef<HTMLCanvasElement>(null);
  const axis = useRef<HTMLCanvasElement>(null);
  const overview = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState<Hovered | null>(null);
  const pick = useEffectEvent(onSelect);
  const sight = useEffectEvent(onSight);
  const { selection, isCriticalShown, atUs } = look;

  useEffect(() => {
    const parts = [canvas.current, axis.current, overview.current, frame.current, scroller.current] as const;
    const [main, ticks, strip, window, box] = parts;
    if (main === null || ticks === null || strip === null || window === null || box === null) return;
    const made = new TimelineStage(
      { canvas: main, axis: ticks, overview: strip, frame: window, scroller: box },
      { writer: format, onSight: (isWhole) => sight(isWhole) },
    );
    stage.current = made;
    const measure = () => made.resize(box.clientWidth - main.offsetLeft, box.clientHeight);
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    measure();
    const forget = onOtherColours(() => made.repaint());
    const scrolled = () => made.scrolled();
    box.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      observer.disconnect();
      forget();
      box.removeEventListener("scroll", scrolled);
      made.stop();
      stage.current = null;
    };
  }, [stage, format]);
  useEffect(() => stage.current?.show(scene), [stage, scene]);
  useEffect(
    () => stage.current?.mark({ selection, isCriticalShown, atUs }),
    [stage, selection, isCriticalShown, atUs],
  );
  useEffect(() => {
    const bar = selection?.kind === "span" ? scene.barOfSpan.get(selection.span) : undefined;
    const event = selection?.kind === "event" ? selection.event : undefined;
    const place = bar === undefined ? scene.timeline.marks[event ?? -1]?.at : scene.timeline.bars[bar]?.start;
    if (place === undefined) return;
    const at = placeOf(scene.axis, place);
    const y = bar === undefined ? markY(scene, event ?? -1) : barY(scene, bar);
    stage.current?.reveal({ from: at, to: at }, y);
  }, [stage, scene, selection]);
  useStageInput({
    stage,
    canvas,
    scroller,
    onHover: setHovered,
    onPick: (next) => pick(next),
  });

  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = STEPS[event.key];
    if (by !== undefined) onSelect(stepEvent(scene, selection, by));
    const isTaken = by !== undefined || moveByKey(event.key, stage.current, scroller.current);
    if (!isTaken) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const centre = ({ buttons, clientX, currentTarget }: PointerEvent<HTMLElement>) => {
    if (buttons === 0) return;
    const { left } = currentTarget.getBoundingClientRect();
    stage.current?.centre((clientX - left) / Math.max(1, canvas.current?.clientWidth ?? 1));
  };

  return (
    <div className="relative flex min-h-0 flex-1 flex-col [--gutter:6rem] md:[--gutter:11rem]">
      <div
        className="relative h-9 shrink-0 touch-none overflow-hidden border-line border-b bg-sunken"
        style={{ marginLeft: "var(--gutter)" }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          centre(event);
        }}
        onPointerMove={centre}
        aria-hidden
      >
        <canvas ref={overview} className="block h-full" />
        <div
          ref={frame}
          className="pointer-events-none absolute inset-y-0 left-0 rounded-sm border-2 border-accent shadow-[0_0_0_4000px_var(--scrim)]"
        />
      </div>
      <div className="h-5 shrink-0 border-line border-b" style={{ paddingLeft: "var(--gutter)" }} aria-hidden>
        <canvas ref={axis} className="block h-full" />
      </div>
      <div
        ref={scroller}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        tabIndex={0}
        aria-label={t("label", { events: countMarks(scene.plan), lanes: scene.plan.lanes.length })}
        aria-describedby={keysId}
        onKeyDown={press}
        className="relative min-h-0 flex-1 overflow-y-auto overflow-x-hidden outline-none focus-visible:shadow-[inset_0_0_0_2px_var(--accent)]"
      >
        <div className="relative" style={{ height: scene.plan.height }}>
          <div className="sticky top-0 z-0 h-0">
            <canvas
              ref={canvas}
              data-sized
              className="absolute top-0 left-(--gutter) cursor-pointer touch-pan-y"
            />
          </div>
          <LaneLabels scene={scene} />
        </div>
      </div>
      <p id={keysId} className="sr-only">
        {t("keys")}
      </p>
      {hovered === null ? null : <TimelineTooltip scene={scene} hovered={hovered} />}
    </div>
  );
}
