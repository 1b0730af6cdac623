"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Figure, FigureList } from "#components/ui/figure.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { OutboxDto } from "#server/contract/outbox.ts";
import { projectionQueries } from "./projection-queries.ts";

/** What was published and has not reached the log. */
export function OutboxFigures() {
  const t = useTranslations("projections.outbox");
  const format = useFormat();
  const outbox = useQuery(projectionQueries.outbox());
  const bounded = ({ count, exact }: OutboxDto["unsent"]) => `${format.number(count)}${exact ? "" : "+"}`;
  return (
    <section aria-label={t("title")} className="flex flex-col gap-3 bg-surface px-3 py-4 md:px-4">
      <div>
        <h2 className="font-medium">{t("title")}</h2>
        <p className="max-w-prose text-ink-muted text-xs">{t("hint")}</p>
      </div>
      {outbox.isLoadingError ? (
        <ErrorNotice title={t("loadFailed")} error={outbox.error} onRetry={outbox.refetch} />
      ) : null}
      {outbox.data === undefined ? null : (
        <FigureList className="max-w-3xl">
          <Figure label={t("unsent")}>{bounded(outbox.data.unsent)}</Figure>
          <Figure label={t("oldest")}>
            {outbox.data.oldestSeconds === null
              ? "–"
              : format.duration(Math.ceil(outbox.data.oldestSeconds) * 1000)}
          </Figure>
          <Figure label={t("refused")} isAlarming={outbox.data.refused.count > 0} title={t("refusedHint")}>
            {bounded(outbox.data.refused)}
          </Figure>
        </FigureList>
      )}
    </section>
  );
}
