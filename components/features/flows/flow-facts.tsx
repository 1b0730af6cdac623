"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type FlowClock, flowDurationMs, toFlowRows } from "#components/event-detail/flow-rows.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { FlowDto } from "#server/contract/events.ts";

/** A flow in one line: how many events from how many sources, how long it took, and when. */
export function FlowFacts({ flow, clock }: { flow: FlowDto; clock: FlowClock }) {
  const t = useTranslations("flow");
  const format = useFormat();
  const durationMs = useMemo(() => flowDurationMs(toFlowRows(flow.nodes, clock)), [flow.nodes, clock]);
  const sources = new Set(flow.nodes.map((node) => node.source)).size;
  const times = flow.nodes
    .map((node) => (clock === "recorded" ? node.recordedAt : node.time))
    .filter((time) => time !== null)
    .toSorted((a, b) => Date.parse(a) - Date.parse(b));
  const first = times.at(0);
  const last = times.at(-1);
  return (
    <div className="flex shrink-0 flex-wrap gap-x-4 gap-y-0.5 border-line border-b px-3 py-1.5 text-ink-muted text-xs md:px-4">
      <span className="text-ink">
        {t("summary", { count: flow.nodes.length, duration: format.duration(durationMs) })}
      </span>
      <span>{t("sources", { count: sources })}</span>
      {first === undefined || last === undefined ? null : (
        <span>{t("between", { from: format.dateTime(first), to: format.dateTime(last) })}</span>
      )}
    </div>
  );
}
