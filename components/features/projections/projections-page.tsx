"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { OutboxFigures } from "./outbox-figures.tsx";
import { ProjectionItem } from "./projection-item.tsx";
import { projectionQueries } from "./projection-queries.ts";

/** The read models with their lag and their rebuilds, and the outbox before the log. */
export function ProjectionsPage() {
  const t = useTranslations("projections");
  const client = useQueryClient();
  const list = useQuery(projectionQueries.list());
  const refresh = () => client.invalidateQueries({ queryKey: projectionQueries.all() });
  useLiveTopic("projections", refresh);
  useShortcuts([{ keys: "r", label: t("refresh"), group: "page", run: () => void refresh() }]);
  return (
    <>
      <PageHeader
        title={t("title")}
        // The figures keep themselves fresh: on a phone a button for that is not worth its line.
        actions={
          <IconButton
            label={t("refresh")}
            keys="r"
            icon={<RefreshCw aria-hidden className="size-4" />}
            className="max-md:hidden"
            onClick={() => void refresh()}
          />
        }
      />
      <QueryNotices query={list} rows={3} loading={t("loading")} failed={t("loadFailed")} onRetry={refresh} />
      {list.data === undefined ? null : (
        <div className="min-h-0 flex-1 overflow-y-auto bg-surface">
          <p className="max-w-prose px-3 pt-3 text-ink-muted text-xs md:px-4">{t("what")}</p>
          <ul aria-label={t("projections")} className="flex flex-col">
            {list.data.projections.map((projection) => (
              <ProjectionItem key={projection.name} projection={projection} />
            ))}
          </ul>
          <OutboxFigures />
        </div>
      )}
    </>
  );
}
