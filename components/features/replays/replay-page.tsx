"use client";

import { useQuery } from "@tanstack/react-query";
import { RefreshCw, SearchX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ApiError } from "#components/lib/api-error.ts";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { PagePath } from "#components/shell/page-path.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { ItemTable } from "./item-table.tsx";
import { ReplayActions } from "./replay-actions.tsx";
import { ReplayAsAsked } from "./replay-as-asked.tsx";
import { ReplayProgress } from "./replay-progress.tsx";
import { replayQueries, useFollowReplay, useRefreshReplays } from "./replay-queries.ts";
import { ReplayStatusBadge } from "./status-badge.tsx";
import { WhatNext } from "./what-next.tsx";

const LIST = "/dead-letters/replays";

/** One replay: how far it is, how each item ended, and what can be done next. */
export function ReplayPage({ id }: { id: number }) {
  const t = useTranslations("replays");
  const query = useQuery(replayQueries.replay(id));
  const refresh = useRefreshReplays();
  useLiveTopic("replays", useFollowReplay(id));
  useShortcuts([{ keys: "r", label: t("refresh"), group: "page", run: () => void refresh() }]);
  const replay = query.data;
  if (query.error instanceof ApiError && query.error.status === 404) return <ReplayNotFound id={id} />;
  return (
    <>
      <PageHeader
        title={
          <PagePath parentHref={LIST} parent={t("title")}>
            {t("replay", { id })}
          </PagePath>
        }
        meta={replay === undefined ? null : <ReplayStatusBadge status={replay.status} />}
        actions={
          <>
            {replay === undefined ? null : <ReplayActions replay={replay} />}
            <IconButton
              label={t("refresh")}
              keys="r"
              icon={<RefreshCw aria-hidden className="size-4" />}
              className="max-md:hidden"
              onClick={() => void refresh()}
            />
          </>
        }
      />
      <QueryNotices
        query={query}
        rows={6}
        loading={t("loadingOne")}
        failed={t("loadOneFailed")}
        onRetry={refresh}
      />
      {replay === undefined ? null : (
        <div className="flex min-h-0 flex-1 flex-col overflow-y-auto bg-surface">
          <div className="grid shrink-0 grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_24rem]">
            <ReplayProgress replay={replay} />
            <WhatNext replay={replay} />
          </div>
          <ReplayAsAsked replay={replay} />
          <ItemTable replay={replay} />
        </div>
      )}
    </>
  );
}

function ReplayNotFound({ id }: { id: number }) {
  const t = useTranslations("replays");
  return (
    <>
      <PageHeader title={t("title")} />
      <EmptyState
        title={t("notFound.title", { id })}
        icon={<SearchX />}
        actions={
          <Link href={LIST} className={buttonClasses("primary")}>
            {t("notFound.toAll")}
          </Link>
        }
      >
        {t("notFound.body")}
      </EmptyState>
    </>
  );
}
