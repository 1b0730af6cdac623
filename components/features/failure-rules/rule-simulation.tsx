"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Figure, FigureList } from "#components/ui/figure.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { RuleSimulationDto } from "#server/contract/failure-rules.ts";

/** What a rule would have done with the dead letters of the last week. */
export function RuleSimulation({ simulation }: { simulation: RuleSimulationDto }) {
  const t = useTranslations("failureRules.simulation");
  const format = useFormat();
  const { letters, isCut, taken, delayed, became, takenBefore, cases } = simulation;
  return (
    <section aria-label={t("title")} className="flex flex-col gap-2 text-sm">
      <p aria-live="polite" className="font-medium">
        {t(isCut ? "takenOfNewest" : "taken", { taken, letters })}
      </p>
      {taken === 0 ? null : (
        <>
          <FigureList>
            {(["resolved", "discarded", "replaying", "parked"] as const).map((status) => (
              <Figure key={status} label={t(`became.${status}`)}>
                {format.number(became[status])}
              </Figure>
            ))}
          </FigureList>
          <p className="text-ink-muted text-xs">{t("becameHint")}</p>
          <ul aria-label={t("cases")} className="flex flex-col gap-1 text-xs">
            {cases.map((one) => (
              <li key={one.case} className="flex gap-2">
                <span className="w-12 shrink-0 text-right font-mono">{format.number(one.letters)}</span>
                <Link
                  href={`/dead-letters/cases/${one.case}`}
                  className="min-w-0 truncate text-accent-ink hover:underline"
                >
                  {one.consumer} · {one.type} · {one.message}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      {delayed === 0 ? null : <p className="text-ink-muted text-xs">{t("delayed", { count: delayed })}</p>}
      {takenBefore.map((rule) => (
        <p key={rule.id} className="text-ink-muted text-xs">
          {t("takenBefore", { count: rule.letters, name: rule.name })}
        </p>
      ))}
    </section>
  );
}
