"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { FilterBar } from "#components/event-filter/filter-bar.tsx";
import { useEventFilter } from "#components/event-filter/use-event-filter.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { liveQueries } from "./live-queries.ts";
import { LiveStream } from "./live-stream.tsx";

/** Events as they arrive. */
export function LivePage() {
  const t = useTranslations("live");
  const [filter, setFilter] = useEventFilter();
  const first = useQuery(liveQueries.first(filter));

  return (
    <>
      <PageHeader title={t("title")}>
        <FilterBar filter={filter} onFilterChange={setFilter} />
      </PageHeader>
      {first.isPending ? <TableSkeleton label={t("loading")} /> : null}
      {first.isLoadingError ? (
        <ErrorNotice title={t("loadFailed")} error={first.error} onRetry={first.refetch} />
      ) : null}
      {first.data === undefined ? null : (
        <LiveStream
          // A stream begins with its first page and never changes its filter.
          key={`${JSON.stringify(first.data.filter)} ${first.dataUpdatedAt}`}
          first={first.data}
          onClearFilter={() => setFilter({})}
          onStale={() => void first.refetch()}
        />
      )}
    </>
  );
}
