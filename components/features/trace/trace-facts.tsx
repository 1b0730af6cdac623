"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ReadTrace } from "./trace-queries.ts";

/** A trace in a line: when it began, how long it took, how much of it there is, and how far it came. */
export function TraceFacts({ answer: { trace, saga } }: { answer: ReadTrace }) {
  const t = useTranslations("trace");
  const format = useFormat();
  const { completed, of, failed, compensated, toCompensate } = saga.progress;
  const facts = [
    t(`bases.${trace.basis}`),
    t("facts.began", { time: format.dateTime(trace.startUs / 1000) }),
    t("facts.took", { duration: format.duration((trace.endUs - trace.startUs) / 1000) }),
    t("facts.events", { count: trace.events.length }),
    t("facts.services", { count: trace.services.length }),
    ...(of === 0 ? [] : [t("facts.progress", { completed, of })]),
    ...(failed === 0 ? [] : [t("facts.failures", { count: failed })]),
    ...(toCompensate === 0 ? [] : [t("facts.undone", { done: compensated, of: toCompensate })]),
  ];
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-0.5 text-ink-muted text-xs tabular-nums">
      {facts.map((fact) => (
        <li key={fact}>{fact}</li>
      ))}
    </ul>
  );
}
