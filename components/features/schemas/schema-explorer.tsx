"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Braces } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { FreshnessNote } from "#components/event-detail/freshness-note.tsx";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { schemaHref } from "#components/shell/destinations.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { SearchActions } from "#components/ui/search-actions.tsx";
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
  const [cursor, setCursor] = useState<string | null>(null);
  const columns = useTypeColumns();
  const list = useInfiniteQuery(schemaQueries.types(search.trim()));
  const refresh = useRefreshSchemas();
  useLiveTopic("schemas", refresh);

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
