"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { eventHref } from "#components/shell/destinations.ts";
import { DataTable } from "#components/ui/data-table.tsx";
import type { DataColumn } from "#components/ui/data-table-columns.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { ViolationPageDto } from "#server/contract/schemas.ts";
import { recordedAt } from "#server/domain/instant.ts";
import { schemaQueries, useRefreshViolations } from "./schema-queries.ts";
import { PlaceName } from "./type-look.tsx";

type Violation = ViolationPageDto["violations"][number];
const positionOf = ({ position }: Violation) => position;

/** The events of a type that violate its schemas, newest first; each leads to the event. */
export function ViolationList({ type, isJudged }: { type: string; isJudged: boolean }) {
  const t = useTranslations("schemas.violations");
  const format = useFormat();
  const router = useRouter();
  const [cursor, setCursor] = useState<string | null>(null);
  const columns = useViolationColumns();
  const list = useInfiniteQuery(schemaQueries.violations(type));
  useLiveTopic("schema-violations", useRefreshViolations(type));
  if (list.isPending) return <TableSkeleton rows={6} label={t("loading")} />;
  if (list.isLoadingError) {
    return <ErrorNotice title={t("loadFailed")} error={list.error} onRetry={list.refetch} />;
  }
  const pages = list.data.pages;
  const rows = pages.flatMap((page) => page.violations);
  const judgedTo = pages.at(0)?.judgedTo ?? "0";
  if (rows.length === 0) {
    return (
      <EmptyState title={t(isJudged ? "empty.title" : "empty.unjudged")} icon={<ShieldCheck />}>
        {isJudged && judgedTo !== "0"
          ? t("empty.judgedTo", { time: format.dateTime(recordedAt(judgedTo)) })
          : t("empty.how")}
      </EmptyState>
    );
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      {list.isRefetchError ? <StaleBanner since={list.dataUpdatedAt} onRetry={list.refetch} /> : null}
      <DataTable
        label={t("label")}
        columns={columns}
        rows={rows}
        getRowId={positionOf}
        activeId={cursor}
        onActiveChange={setCursor}
        onOpen={({ position }) => router.push(eventHref(position))}
        onEndReached={() => {
          if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
        }}
        isBusy={list.isFetching}
        footer={
          <p className="px-3 py-2 text-ink-muted text-xs md:px-4">
            {list.hasNextPage ? t("more") : t("all")}
          </p>
        }
      />
    </div>
  );
}

function useViolationColumns(): readonly DataColumn<Violation>[] {
  const t = useTranslations("schemas.violations");
  const words = useTranslations("schemas");
  return [
    {
      id: "recordedAt",
      header: t("columns.recordedAt"),
      width: 108,
      cell: ({ recordedAt: at }) => <Timestamp at={at} shape="relative" className="text-xs" />,
    },
    {
      id: "problem",
      header: t("columns.problem"),
      width: 240,
      grows: true,
      cell: ({ problems: [first], problemCount }) => (
        <span title={first && `${first.path} ${first.reason}`} className="block min-w-0 truncate text-xs">
          {first === undefined ? null : (
            <>
              <PlaceName path={first.path} /> <span className="text-danger-ink">{first.reason}</span>
            </>
          )}
          {problemCount > 1 ? (
            <span className="text-ink-faint"> {t("moreProblems", { count: problemCount - 1 })}</span>
          ) : null}
        </span>
      ),
    },
    {
      id: "version",
      header: t("columns.version"),
      width: 104,
      hideBelow: 560,
      cell: ({ version }) => (
        <span className="font-mono text-ink-muted text-xs">{version ?? words("nameless")}</span>
      ),
    },
    {
      id: "judgedBy",
      header: t("columns.judgedBy"),
      width: 92,
      hideBelow: 640,
      cell: ({ judgedBy }) => <span className="font-mono text-ink-muted text-xs">{judgedBy ?? "–"}</span>,
    },
    {
      id: "source",
      header: t("columns.source"),
      width: 150,
      hideBelow: 720,
      cell: ({ source }) => (
        <span title={source} className="truncate font-mono text-ink-muted text-xs">
          {source}
        </span>
      ),
    },
    {
      id: "id",
      header: t("columns.id"),
      width: 160,
      hideBelow: 880,
      cell: ({ id }) => (
        <span title={id} className="truncate font-mono text-ink-muted text-xs">
          {id}
        </span>
      ),
    },
  ];
}
