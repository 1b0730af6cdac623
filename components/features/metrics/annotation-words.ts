"use client";

import {
  BellPlus,
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
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { ChartMark } from "#components/ui/chart/time-plot.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { AnnotationDto, AnnotationListDto } from "#server/contract/metrics.ts";

type Kind = AnnotationDto["kind"];

export const LOOKS: Record<Kind, { icon: LucideIcon; colour: string }> = {
  replay: { icon: Rewind, colour: "var(--info)" },
  fault: { icon: Hammer, colour: "var(--danger)" },
  rule: { icon: Workflow, colour: "var(--store)" },
  subscription: { icon: Settings2, colour: "var(--control)" },
  schema: { icon: Settings2, colour: "var(--control)" },
  scenario: { icon: FlaskConical, colour: "var(--control)" },
  restart: { icon: Power, colour: "var(--warn)" },
  deploy: { icon: PackagePlus, colour: "var(--info)" },
  alert: { icon: BellRing, colour: "var(--danger)" },
  "alert-rule": { icon: BellPlus, colour: "var(--store)" },
  rebuild: { icon: Table2, colour: "var(--control)" },
};
/** What begins with these lasts until it is said that it is over. */
const LASTING: ReadonlySet<string> = new Set(["fault.injected", "replay.started", "alert.fired"]);
/** What is said of an action: the verb that it ends in. */
const VERBS = [
  "appeared",
  "cancelled",
  "changed",
  "created",
  "data-removed",
  "deleted",
  "fired",
  "injected",
  "muted",
  "ordered",
  "paused",
  "rate-changed",
  "rebuild-started",
  "rebuilt",
  "registered",
  "resumed",
  "rewound",
  "service-added",
  "service-removed",
  "started",
  "stopped",
  "switched-off",
  "switched-on",
  "unmuted",
] as const;

/** What happened beside the curves, in the reader's language. */
export function useAnnotationWords() {
  const t = useTranslations("metrics.annotations");
  const format = useFormat();
  return useMemo(() => {
    const nameOf = ({ kind, subject, more }: AnnotationDto): string => {
      const named = t(`kinds.${kind}`, { subject });
      return more === 0 ? named : t("several", { named, more });
    };
    const deedOf = (annotation: AnnotationDto): string => {
      const { kind, action } = annotation;
      const name = nameOf(annotation);
      if (kind === "restart") return name;
      const verb = VERBS.find((each) => action.endsWith(`.${each}`));
      return t("titled", { name, deed: verb === undefined ? action : t(`verbs.${verb}`) });
    };
    /** With what was done, by whom and when. */
    const titleOf = (annotation: AnnotationDto): string => {
      const { actor, at, endedAt } = annotation;
      const what = deedOf(annotation);
      const end = endedAt === null ? "" : ` – ${format.dateTime(endedAt)}`;
      return `${actor === null ? what : t("by", { what, actor })}\n${format.dateTime(at)}${end}`;
    };
    return { nameOf, titleOf };
  }, [t, format]);
}

/** The marks of what happened, for the charts. */
export function useMarks({ annotations }: AnnotationListDto, nowMs: number): ChartMark[] {
  const { titleOf } = useAnnotationWords();
  return useMemo(
    () =>
      annotations.map((annotation) => ({
        key: annotation.id,
        atMs: Date.parse(annotation.at),
        endMs: endOf(annotation, nowMs),
        colour: LOOKS[annotation.kind].colour,
        isSlim: annotation.kind === "alert",
        title: titleOf(annotation),
        href: annotation.href,
      })),
    [annotations, nowMs, titleOf],
  );
}

function endOf({ action, endedAt }: AnnotationDto, nowMs: number): number | null {
  if (endedAt !== null) return Date.parse(endedAt);
  return LASTING.has(action) ? nowMs : null;
}
