"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import type { AnnotationDto, AnnotationListDto } from "#server/contract/metrics.ts";
import { LOOKS, useAnnotationWords } from "./annotation-words.ts";
import type { MetricWindow } from "./metric-window.ts";

/** What people did beside the flow itself; the rest would only hide it. */
const MAX_SHOWN = 12;

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
      className="flex shrink-0 items-center gap-1.5 overflow-x-auto px-3 pt-3 text-xs [scrollbar-width:none] md:flex-wrap md:px-4"
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
  const words = useAnnotationWords();
  const format = useFormat();
  const { kind, at, href } = annotation;
  const { icon: Icon, colour } = LOOKS[kind];
  const isOneDay = window.toMs - window.fromMs <= 86_400_000;
  const content = (
    <>
      <Icon aria-hidden className="size-3 shrink-0" style={{ color: colour }} />
      <span className="text-ink-faint tabular-nums">{isOneDay ? format.clock(at) : format.minute(at)}</span>
      <span className="max-w-56 truncate">{words.nameOf(annotation)}</span>
    </>
  );
  const look =
    "inline-flex h-6 shrink-0 items-center whitespace-nowrap gap-1 rounded-md border border-line bg-surface px-1.5";
  const title = words.titleOf(annotation);
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
