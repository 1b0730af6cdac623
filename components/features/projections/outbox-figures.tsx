"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { OutboxDto } from "#server/contract/outbox.ts";
import { Figure } from "./figure.tsx";
import { projectionQueries } from "./projection-queries.ts";

/** What was published and has not reached the log. */
export function OutboxFigures() {
  const t = useTranslations("projections.outbox");
  const format = useFormat();
  const outbox = useQuery(projectionQueries.outbox());
  const bounded = ({ count, exact }: OutboxDto["unsent"]) => `${format.number(count)}${exact ? "" : "+"}`;
  return (
    <section aria-label={t("title")} className="border-line border-b bg-surface px-3 py-3 md:px-4">
      <h2 className="font-medium">{t("title")}</h2>
      <p className="mb-2 text-ink-muted text-xs">{t("hint")}</p>
      {outbox.isLoadingError ? (
        <ErrorNotice title={t("loadFailed")} error={outbox.error} onRetry={outbox.refetch} />
      ) : null}
      {outbox.data === undefined ? null : (
        <dl className="flex flex-wrap gap-x-8 gap-y-2">
          <Figure label={t("unsent")}>{bounded(outbox.data.unsent)}</Figure>
          <Figure label={t("oldest")}>
            {outbox.data.oldestSeconds === null
              ? "–"
              : format.duration(Math.round(outbox.data.oldestSeconds) * 1000)}
          </Figure>
          <Figure label={t("refused")}>{bounded(outbox.data.refused)}</Figure>
        </dl>
      )}
    </section>
  );
}
