"use client";

import { useTranslations } from "next-intl";
import { parseAsBoolean, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo, useRef, useState } from "react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { sceneThen } from "./scene-then.ts";
import { AXIS_KINDS, chooseAxis } from "./timeline-axis.ts";
import { TimelineCanvas } from "./timeline-canvas.tsx";
import { makeScene, withAxis } from "./timeline-scene.ts";
import type { TimelineStage } from "./timeline-stage.ts";
import { TimelineToolbar } from "./timeline-toolbar.tsx";
import type { TraceViewProps } from "./trace-view.ts";

const PARAMS = {
  /** Left out while the trace decides what shows more. */
  axis: parseAsStringLiteral(AXIS_KINDS),
  critical: parseAsBoolean.withDefault(false),
};

/** A trace in lanes by service: who worked when, who waited for what, and what was taken back below. */
export function TimelineView({ trace, selection, onSelect, atUs }: TraceViewProps) {
  const t = useTranslations("trace.timeline");
  const [{ axis, critical }, setParams] = useQueryStates(PARAMS, { history: "replace" });
  const toScale = useMemo(() => makeScene(trace, "scale"), [trace]);
  const kind = axis ?? chooseAxis(toScale.axis);
  const whole = useMemo(() => withAxis(toScale, kind), [toScale, kind]);
  const scene = useMemo(() => (atUs === null ? whole : sceneThen(whole, atUs)), [whole, atUs]);
  const stage = useRef<TimelineStage>(null);
  const [isAllInSight, setIsAllInSight] = useState(true);
  return (
    <>
      <TimelineToolbar
        scene={scene}
        stage={stage}
        isAllInSight={isAllInSight}
        kind={kind}
        onKindChange={(next) => void setParams({ axis: next })}
        isCriticalShown={critical}
        onCriticalChange={(next) => void setParams({ critical: next })}
      />
      {scene.plan.lanes.length === 0 ? (
        <EmptyState title={t("none")} />
      ) : (
        <TimelineCanvas
          scene={scene}
          stage={stage}
          selection={selection}
          onSelect={onSelect}
          onSight={setIsAllInSight}
          isCriticalShown={critical}
          atUs={atUs}
        />
      )}
    </>
  );
}
