"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
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
        actions={
          <IconButton
            label={t("refresh")}
            keys="r"
            icon={<RefreshCw aria-hidden className="size-4" />}
            onClick={() => void refresh()}
          />
        }
      />
      {list.isRefetchError ? (
        <StaleBanner since={list.dataUpdatedAt} onRetry={refresh} isRetrying={list.isFetching} />
      ) : null}
      {list.isPending ? <TableSkeleton rows={3} label={t("loading")} /> : null}
      {list.isLoadingError ? (
        <ErrorNotice
          title={t("loadFailed")}
          error={list.error}
          onRetry={list.refetch}
          isRetrying={list.isFetching}
        />
      ) : null}
      {list.data === undefined ? null : (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <ul aria-label={t("title")} className="flex flex-col">
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
