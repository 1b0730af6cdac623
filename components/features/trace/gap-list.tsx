"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { Gap, Trace } from "#server/domain/sagas/trace.ts";

/** A flow with thousands of gaps has one cause for nearly all of them. */
const MOST_SHOWN = 50;

type GapListProps = { trace: Trace; onOpen: (selected: string) => void };

/** The places of a trace where it is not known what led to what, or when. */
export function GapList({ trace, onOpen }: GapListProps) {
  const t = useTranslations("trace.gaps");
  const words = useGapWords();
  const more = trace.gaps.length - MOST_SHOWN;
  return (
    <ul aria-label={t("label")} className="flex flex-col gap-0.5 text-xs">
      {trace.gaps.slice(0, MOST_SHOWN).map((gap) => {
        const event = trace.events[gap.event];
        return event === undefined ? null : (
          <li key={`${gap.kind} ${gap.event} ${"against" in gap ? gap.against : ""}`}>
            <Button
              variant="ghost"
              size="sm"
              className="max-w-full truncate font-mono"
              onClick={() => onOpen(`event/${event.position}`)}
            >
              {event.type}
            </Button>
            <span className="text-ink-muted">{words(gap)}</span>
          </li>
        );
      })}
      {more > 0 ? <li className="text-ink-muted">{t("more", { count: more })}</li> : null}
    </ul>
  );
}

/** What is not known, in a sentence. */
export function useGapWords(): (gap: Gap) => string {
  const t = useTranslations("trace.gaps");
  const format = useFormat();
  return (gap) => {
    if (gap.kind === "clock-skew") {
      return t(`clock-skew.${gap.against}`, { by: format.duration(gap.byUs / 1000) });
    }
    const by = gap.kind === "recorded-before-cause" ? format.duration(gap.byUs / 1000) : "";
    return t(gap.kind, { by });
  };
}
