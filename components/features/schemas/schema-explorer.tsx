"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Braces, RefreshCw, Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryState } from "nuqs";
import { useRef, useState } from "react";
import { FreshnessNote } from "#components/event-detail/freshness-note.tsx";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { schemaHref } from "#components/shell/destinations.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Input } from "#components/ui/input.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
import type { TypeSummaryDto } from "#server/contract/schemas.ts";
import { schemaQueries, useRefreshSchemas } from "./schema-queries.ts";
import { useTypeColumns } from "./type-columns.tsx";

const nameOf = ({ type }: TypeSummaryDto) => type;

/** Every event type that flows, with and without a schema. */
export function SchemaExplorer() {
  const t = useTranslations("schemas");
  const router = useRouter();
  const [search, setSearch] = useQueryState(
    "q",
    parseAsString.withDefault("").withOptions({ throttleMs: 300 }),
  );
  const field = useRef<HTMLInputElement>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const columns = useTypeColumns();
  const list = useInfiniteQuery(schemaQueries.types(search.trim()));
  const refresh = useRefreshSchemas();
  useLiveTopic("schemas", refresh);
  useShortcuts([
    { keys: "r", label: t("refresh"), group: "page", run: () => void refresh() },
    { keys: "/", label: t("search"), group: "page", run: () => field.current?.focus() },
  ]);

  const pages = list.data?.pages ?? [];
  const rows = pages.flatMap((page) => page.types);
  const last = pages.at(-1);
  const fetchNext = () => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  };
  return (
    <>
      <PageHeader
        title={t("title")}
        meta={
          rows.length === 0 ? null : (
            <span className="text-ink-faint text-xs">
              {t("count", { count: rows.length })}
              {list.hasNextPage ? "+" : ""}
            </span>
          )
        }
        actions={
          <>
            <Input
              ref={field}
              type="search"
              aria-label={t("search")}
              placeholder={t("search")}
              value={search}
              maxLength={200}
              icon={<Search aria-hidden className="size-3.5" />}
              className="w-56 max-sm:w-40"
              onChange={(event) => void setSearch(event.target.value)}
            />
            <IconButton
              label={t("refresh")}
              keys="r"
              icon={<RefreshCw aria-hidden className="size-4" />}
              onClick={() => void refresh()}
            />
          </>
        }
      />
      {list.isRefetchError ? (
        <StaleBanner since={list.dataUpdatedAt} onRetry={refresh} isRetrying={list.isFetching} />
      ) : null}
      {list.isPending ? <TableSkeleton rows={8} label={t("loading")} /> : null}
      {list.isLoadingError ? (
        <ErrorNotice
          title={t("loadFailed")}
          error={list.error}
          onRetry={list.refetch}
          isRetrying={list.isFetching}
        />
      ) : null}
      {last !== undefined && rows.length === 0 ? (
        <EmptyState title={search.trim() === "" ? t("empty.title") : t("empty.noMatch")} icon={<Braces />}>
          {search.trim() === "" ? <p className="mb-2">{t("empty.how")}</p> : null}
          <FreshnessNote asOf={last.asOf} askedAt={list.dataUpdatedAt} />
        </EmptyState>
      ) : null}
      {rows.length === 0 ? null : (
        <DataTable
          label={t("title")}
          columns={columns}
          rows={rows}
          getRowId={nameOf}
          activeId={cursor}
          onActiveChange={setCursor}
          onOpen={({ type }) => router.push(schemaHref(type))}
          onEndReached={fetchNext}
          isBusy={list.isFetching}
          className="bg-surface"
          footer={
            <p className="px-3 py-2 text-ink-muted text-xs md:px-4">
              {list.hasNextPage ? t("more") : t("all")} {t("sampled")}
            </p>
          }
        />
      )}
    </>
  );
}
