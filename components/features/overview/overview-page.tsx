"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { FirstEvent } from "#components/event-detail/first-event.tsx";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { ALERTS_TOPIC } from "#server/contract/alerts.ts";
import type { OverviewDto } from "#server/contract/overview.ts";
import { ChangeList } from "./change-list.tsx";
import { FigureTiles } from "./figure-tiles.tsx";
import { HealthBanner } from "./health-banner.tsx";
import { overviewQueries } from "./overview-queries.ts";
import { ProblemList } from "./problem-list.tsx";
import { ServiceTable } from "./service-table.tsx";

/** Is everything all right, and if not: where, since when, and who is hit. */
export function OverviewPage() {
  const t = useTranslations("overview");
  const client = useQueryClient();
  const overview = useQuery(overviewQueries.overview());
  const refresh = () => client.invalidateQueries(overviewQueries.overview());
  useLiveTopic(ALERTS_TOPIC, refresh);
  useShortcuts([{ keys: "r", label: t("refresh"), group: "page", run: () => void refresh() }]);
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          <IconButton
            label={t("refresh")}
            keys="r"
            icon={<RotateCw aria-hidden className="size-4" />}
            onClick={() => void refresh()}
          />
        }
      />
      <QueryNotices
        query={overview}
        rows={6}
        loading={t("loading")}
        failed={t("loadFailed")}
        onRetry={refresh}
      />
      {overview.data === undefined ? null : <Body overview={overview.data} />}
    </>
  );
}

function Body({ overview }: { overview: OverviewDto }) {
  const isEmpty = overview.health === "unknown" && overview.services.length === 0;
  return (
    <div className="flex flex-col gap-4 p-3 md:p-4">
      <HealthBanner overview={overview} />
      {isEmpty ? <FirstEvent /> : null}
      <ProblemList problems={overview.problems} moreProblems={overview.moreProblems} />
      {isEmpty ? null : <FigureTiles figures={overview.figures} />}
      <div className="grid gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <ServiceTable services={overview.services} moreServices={overview.moreServices} />
        {isEmpty ? null : <ChangeList changes={overview.changes} />}
      </div>
    </div>
  );
}
