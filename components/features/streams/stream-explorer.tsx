"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Layers } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { FreshnessNote } from "#components/event-detail/freshness-note.tsx";
import { streamHref } from "#components/shell/destinations.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { Button } from "#components/ui/button.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { SearchActions } from "#components/ui/search-actions.tsx";
import type { StreamDto } from "#server/contract/streams.ts";
import { useStreamColumns } from "./stream-columns.tsx";
import { streamQueries } from "./stream-queries.ts";

const keyOf = ({ type, id }: StreamDto) => `${type}\n${id}`;

/** Every aggregate whose versions are known, the one that changed last first. */
export function StreamExplorer() {
  const t = useTranslations("streams");
  const format = useFormat();
  const router = useRouter();
  const client = useQueryClient();
  const [search, setSearch] = useQueryState(
    "q",
    parseAsString.withDefault("").withOptions({ throttleMs: 300 }),
  );
  const [cursor, setCursor] = useState<string | null>(null);
  const columns = useStreamColumns();
  const list = useInfiniteQuery(streamQueries.list(search.trim()));
  const refresh = () => client.invalidateQueries({ queryKey: streamQueries.all() });

  const pages = list.data?.pages ?? [];
  const rows = pages.flatMap((page) => page.streams);
  const last = pages.at(-1);
  const fetchNext = () => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  };
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          <SearchActions
            search={search}
            onSearch={(text) => void setSearch(text)}
            searchLabel={t("search")}
            onRefresh={() => void refresh()}
            refreshLabel={t("refresh")}
          />
        }
      />
      <QueryNotices query={list} loading={t("loading")} failed={t("loadFailed")} onRetry={refresh} />
      {last !== undefined && rows.length === 0 ? (
        <EmptyState title={search.trim() === "" ? t("empty.title") : t("empty.noMatch")} icon={<Layers />}>
          {search.trim() === "" ? <p className="mb-2">{t("empty.how")}</p> : null}
          <FreshnessNote asOf={last.asOf} askedAt={list.dataUpdatedAt} />
        </EmptyState>
      ) : null}
      {rows.length === 0 ? null : (
        <DataTable
          label={t("title")}
          columns={columns}
          rows={rows}
          getRowId={keyOf}
          activeId={cursor}
          onActiveChange={setCursor}
          onOpen={({ type, id }) => router.push(streamHref(type, id))}
          onEndReached={fetchNext}
          isBusy={list.isFetching}
          className="bg-surface"
          footer={
            <p className="px-3 py-2 text-ink-muted text-xs md:px-4">
              {list.hasNextPage ? t("more") : t("all")}
            </p>
          }
        />
      )}
      {rows.length === 0 && last?.searched.complete === false ? (
        <p className="flex flex-wrap items-center justify-center gap-2 text-ink-muted text-sm">
          {t("searchedTo", { time: format.dateTime(last.searched.from ?? "") })}
          <Button size="sm" onClick={fetchNext} isBusy={list.isFetchingNextPage}>
            {t("searchOn")}
          </Button>
        </p>
      ) : null}
    </>
  );
}
