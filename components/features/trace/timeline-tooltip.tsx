"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import { useGapWords } from "./gap-list.tsx";
import { isRefusal, type TimelineScene } from "./timeline-scene.ts";
import type { Hovered } from "./use-stage-input.ts";

/** Beside the pointer, on the side that has more room. */
const BESIDE_PX = 14;
const AXIS_PX = 56;

/** What lies under the pointer, in words. */
export function TimelineTooltip({ scene, hovered }: { scene: TimelineScene; hovered: Hovered }) {
  const { hit, x, y } = hovered;
  return (
    <div
      role="presentation"
      style={{ left: `calc(var(--gutter) + ${x}px)`, top: y + AXIS_PX }}
      className="pointer-events-none absolute z-20"
    >
      <div
        className="absolute w-max max-w-72 rounded-md border border-line-strong bg-raised px-2 py-1.5 text-xs shadow-raised"
        style={x < 320 ? { left: BESIDE_PX, top: BESIDE_PX } : { right: BESIDE_PX, top: BESIDE_PX }}
      >
        {hit.kind === "bar" ? (
          <BarWords scene={scene} bar={hit.bar} />
        ) : (
          <MarkWords scene={scene} event={hit.mark} />
        )}
      </div>
    </div>
  );
}

function BarWords({ scene, bar: index }: { scene: TimelineScene; bar: number }) {
  const t = useTranslations("trace");
  const { trace, timeline } = scene;
  const format = useFormat();
  const bar = timeline.bars[index];
  const span = trace.spans[bar?.span ?? -1];
  const message = trace.messages[bar?.message ?? -1];
  if (bar === undefined || span === undefined || message === undefined) return null;
  const service = trace.services.find(({ id }) => id === message.to)?.name ?? message.consumer;
  const { startUs, endUs } = span;
  return (
    <>
      <p className="wrap-anywhere font-medium font-mono">{trace.events[message.event]?.type}</p>
      <p className="text-ink-muted">{service}</p>
      <p>
        {span.kind === "wait"
          ? t(`waits.${span.reason}`)
          : t("panel.attempt", { attempt: span.attempt, outcome: t(`outcomes.${span.outcome}`) })}
        {span.generation === 0 ? null : t("timeline.generation", { generation: span.generation })}
      </p>
      {isRefusal(scene, bar) ? <p className="text-danger-ink">{t("timeline.legendItems.refused")}</p> : null}
      <p className="tabular-nums">
        {t("timeline.from", {
          time: format.time(startUs / 1000),
          duration: endUs === null ? t("panel.lasts") : format.duration((endUs - startUs) / 1000),
        })}
      </p>
      {span.kind === "work" && span.error !== null ? (
        <p className="wrap-anywhere text-danger-ink">{span.error.message}</p>
      ) : null}
    </>
  );
}

function MarkWords({ scene: { trace }, event: index }: { scene: TimelineScene; event: number }) {
  const format = useFormat();
  const words = useGapWords();
  const event = trace.events[index];
  if (event === undefined) return null;
  const service = trace.services.find(({ id }) => id === event.service)?.name ?? event.service;
  return (
    <>
      <p className="wrap-anywhere font-medium font-mono">{event.type}</p>
      <p className="text-ink-muted">{service}</p>
      <p className="tabular-nums">{format.time(event.atUs / 1000)}</p>
      {trace.gaps
        .filter((gap) => gap.event === index)
        .map((gap) => (
          <p key={`${gap.kind} ${"against" in gap ? gap.against : ""}`} className="text-warn-ink">
            {words(gap)}
          </p>
        ))}
    </>
  );
}
