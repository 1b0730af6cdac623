"use client";

import {
  BellRing,
  FlaskConical,
  Hammer,
  type LucideIcon,
  PackagePlus,
  Power,
  Rewind,
  Settings2,
  Table2,
  Workflow,
} from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ChartMark } from "#components/ui/chart/time-plot.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { AnnotationDto, AnnotationListDto } from "#server/contract/metrics.ts";
import type { MetricWindow } from "./metric-window.ts";

type Kind = AnnotationDto["kind"];

const LOOKS: Record<Kind, { icon: LucideIcon; colour: string }> = {
  replay: { icon: Rewind, colour: "var(--info)" },
  fault: { icon: Hammer, colour: "var(--danger)" },
  rule: { icon: Workflow, colour: "var(--store)" },
  subscription: { icon: Settings2, colour: "var(--control)" },
  schema: { icon: Settings2, colour: "var(--control)" },
  scenario: { icon: FlaskConical, colour: "var(--control)" },
  restart: { icon: Power, colour: "var(--warn)" },
  deploy: { icon: PackagePlus, colour: "var(--info)" },
  alert: { icon: BellRing, colour: "var(--danger)" },
  rebuild: { icon: Table2, colour: "var(--control)" },
};
/** What people did beside the flow itself; the rest would only hide it. */
const MAX_SHOWN = 12;

/** The marks of what happened, for the charts. */
export function marksOf({ annotations }: AnnotationListDto, nowMs: number): ChartMark[] {
  return annotations.map(({ id, kind, at, endedAt }) => ({
    key: id,
    atMs: Date.parse(at),
    endMs: endOf(kind, endedAt, nowMs),
    colour: LOOKS[kind].colour,
  }));
}

/** A fault without an end is there still. */
function endOf(kind: Kind, endedAt: string | null, nowMs: number): number | null {
  if (endedAt !== null) return Date.parse(endedAt);
  return kind === "fault" ? nowMs : null;
}

type AnnotationStripProps = { list: AnnotationListDto; window: MetricWindow };

/** What was done while the curves went as they did: newest first, each a link to it. */
export function AnnotationStrip({ list, window }: AnnotationStripProps) {
  const t = useTranslations("metrics.annotations");
  const shown = list.annotations.slice(0, MAX_SHOWN);
  const more = list.annotations.length - shown.length;
  if (shown.length === 0) return null;
  return (
    <section
      aria-label={t("title")}
      className="flex items-center gap-1.5 overflow-x-auto px-3 pt-3 text-xs [scrollbar-width:none] md:flex-wrap md:px-4"
    >
      <span className="shrink-0 text-ink-faint">{t("title")}</span>
      {shown.map((annotation) => (
        <Annotation key={annotation.id} annotation={annotation} window={window} />
      ))}
      {more > 0 || list.isCapped ? (
        <span className="shrink-0 text-ink-faint">
          {t("more", { count: more, isCapped: String(list.isCapped) })}
        </span>
      ) : null}
    </section>
  );
}

function Annotation({ annotation, window }: { annotation: AnnotationDto; window: MetricWindow }) {
  const t = useTranslations("metrics.annotations");
  const format = useFormat();
  const { kind, at, subject, actor, href } = annotation;
  const { icon: Icon, colour } = LOOKS[kind];
  const isOneDay = window.toMs - window.fromMs <= 86_400_000;
  const content = (
    <>
      <Icon aria-hidden className="size-3 shrink-0" style={{ color: colour }} />
      <span className="text-ink-faint tabular-nums">{isOneDay ? format.clock(at) : format.minute(at)}</span>
      <span className="max-w-56 truncate">{t(`kinds.${kind}`, { subject })}</span>
    </>
  );
  const look =
    "inline-flex h-6 shrink-0 items-center whitespace-nowrap gap-1 rounded-md border border-line bg-surface px-1.5";
  const title = actor === null ? annotation.action : t("by", { action: annotation.action, actor });
  return href === null ? (
    <span title={title} className={look}>
      {content}
    </span>
  ) : (
    <Link href={href} title={title} className={`${look} hover:bg-hover`}>
      {content}
    </Link>
  );
}
