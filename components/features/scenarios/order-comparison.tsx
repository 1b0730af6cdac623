"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { parseAsNumberLiteral, useQueryState } from "nuqs";
import { buttonClasses } from "#components/ui/button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import type { ScenarioName } from "#server/contract/scenarios.ts";
import { ComparisonControls } from "./comparison-controls.tsx";
import { COMPARED_MINUTES, comparisonQueries, DEFAULT_MINUTES } from "./comparison-queries.ts";
import { ComparisonTable } from "./comparison-table.tsx";

const shownMinutes = parseAsNumberLiteral(COMPARED_MINUTES).withDefault(DEFAULT_MINUTES);
const REASONS = ["sync", "broker", "mediator", "price"] as const;

/** The systems that take orders side by side, in numbers measured of their traffic, and why these differ. */
export function OrderComparison({ back }: { back: ScenarioName }) {
  const tSystem = useTranslations(`scenarios.systems.${back}`);
  const t = useTranslations("scenarios.comparison");
  const format = useFormat();
  const [minutes, setMinutes] = useQueryState("minutes", shownMinutes);
  const comparison = useQuery(comparisonQueries.of(minutes));
  return (
    <article aria-label={t("title")} className="flex flex-col gap-5 px-3 py-4 md:px-4">
      <header className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h2 className="font-semibold text-lg">{t("title")}</h2>
          <Link href={`/scenarios?scenario=${back}`} className={buttonClasses("ghost", "sm")}>
            <ArrowLeft aria-hidden className="size-3.5" />
            {t("back", { name: tSystem("title") })}
          </Link>
        </div>
        <p className="max-w-prose">{t("what")}</p>
      </header>
      <QueryNotices
        query={comparison}
        rows={9}
        loading={t("loading")}
        failed={t("loadFailed")}
        onRetry={comparison.refetch}
      />
      {comparison.data === undefined ? null : (
        <>
          <ComparisonControls comparison={comparison.data} />
          <section className="flex flex-col gap-2" aria-labelledby="compared-figures">
            <div className="flex flex-wrap items-center justify-between gap-2">
              <h3 id="compared-figures" className="font-medium">
                {t("figures")}
              </h3>
              <SegmentedControl
                label={t("window")}
                value={String(minutes)}
                onValueChange={(value) => void setMinutes(shownMinutes.parse(value))}
                options={COMPARED_MINUTES.map((value) => ({
                  value: String(value),
                  label: format.duration(value * 60_000),
                }))}
              />
            </div>
            <ComparisonTable comparison={comparison.data} />
            <p className="max-w-prose text-ink-muted text-xs">{t("measured")}</p>
          </section>
        </>
      )}
      <section className="flex flex-col gap-2">
        <h3 className="font-medium">{t("why.title")}</h3>
        <dl className="grid gap-x-8 gap-y-3 md:grid-cols-2">
          {REASONS.map((reason) => (
            <div key={reason}>
              <dt className="font-medium">{t(`why.${reason}.name`)}</dt>
              <dd className="max-w-prose text-ink-muted text-xs">{t(`why.${reason}.because`)}</dd>
            </div>
          ))}
        </dl>
      </section>
    </article>
  );
}
