"use client";

import { CircleHelp, Maximize, Minus, Plus, Route } from "lucide-react";
import { useTranslations } from "next-intl";
import type { RefObject } from "react";
import { Button } from "#components/ui/button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { AXIS_KINDS, type AxisKind } from "./timeline-axis.ts";
import { ZOOM_STEP } from "./timeline-keys.ts";
import { TimelineLegend } from "./timeline-legend.tsx";
import type { TimelineScene } from "./timeline-scene.ts";
import type { TimelineStage } from "./timeline-stage.ts";

type TimelineToolbarProps = {
  scene: TimelineScene;
  stage: RefObject<TimelineStage | null>;
  isAllInSight: boolean;
  kind: AxisKind;
  onKindChange: (kind: AxisKind) => void;
  isCriticalShown: boolean;
  onCriticalChange: (isShown: boolean) => void;
};

/** How a timeline is drawn, and how near. */
export function TimelineToolbar(props: TimelineToolbarProps) {
  const { scene, stage, isAllInSight, kind, onKindChange, isCriticalShown, onCriticalChange } = props;
  const t = useTranslations("trace.timeline");
  return (
    <div
      role="toolbar"
      aria-label={t("toolbar")}
      className="flex shrink-0 flex-wrap items-center gap-2 border-line border-b px-3 py-1.5 md:px-4"
    >
      <SegmentedControl
        label={t("axis")}
        value={kind}
        onValueChange={onKindChange}
        options={AXIS_KINDS.map((value) => ({ value, label: t(value) }))}
      />
      <Button
        aria-pressed={isCriticalShown}
        icon={<Route aria-hidden className="size-3.5" />}
        onClick={() => onCriticalChange(!isCriticalShown)}
        className={isCriticalShown ? "bg-selected" : ""}
      >
        {t("critical")}
      </Button>
      <span className="flex">
        <IconButton
          label={t("zoomOut")}
          icon={<Minus aria-hidden className="size-4" />}
          disabled={isAllInSight}
          onClick={() => stage.current?.zoom(1 / ZOOM_STEP)}
        />
        <IconButton
          label={t("zoomIn")}
          icon={<Plus aria-hidden className="size-4" />}
          onClick={() => stage.current?.zoom(ZOOM_STEP)}
        />
        <IconButton
          label={t("fit")}
          icon={<Maximize aria-hidden className="size-4" />}
          disabled={isAllInSight}
          onClick={() => stage.current?.fit()}
        />
        <Popover
          label={t("legend")}
          align="end"
          trigger={<IconButton label={t("legend")} icon={<CircleHelp aria-hidden className="size-4" />} />}
        >
          <TimelineLegend />
        </Popover>
      </span>
      {isCriticalShown ? <CriticalWords scene={scene} /> : null}
    </div>
  );
}

/** What the duration of the trace is made of. */
function CriticalWords({ scene }: { scene: TimelineScene }) {
  const t = useTranslations("trace.timeline");
  const format = useFormat();
  const spent = { work: 0, wait: 0, unknown: 0 };
  for (const { kind, startUs, endUs } of scene.critical) spent[kind] += endUs - startUs;
  const { work, wait, unknown } = spent;
  return (
    <span className="text-ink-muted text-xs">
      {t("criticalOf", {
        work: format.duration(work / 1000),
        wait: format.duration(wait / 1000),
        unknown: format.duration(unknown / 1000),
      })}
    </span>
  );
}
