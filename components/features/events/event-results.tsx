"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { EventView } from "#components/event-detail/use-event-view.ts";
import type { EventConditions } from "#components/lib/event-filter.ts";
import type { TimeRange } from "#components/shell/time-range.ts";
import { classNames } from "#components/ui/class-names.ts";
import { DataTable } from "#components/ui/data-table.tsx";
import type { ColumnLayout, DataColumn } from "#components/ui/data-table-columns.ts";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import type { EventSummaryDto } from "#server/contract/events.ts";
import { ListEnd } from "./list-end.tsx";
import { NoEvents } from "./no-events.tsx";
import type { EventList } from "./use-event-list.ts";

type EventResultsProps = {
  list: EventList;
  columns: readonly DataColumn<EventSummaryDto>[];
  layout: ColumnLayout;
  onLayoutChange: (layout: ColumnLayout) => void;
  view: EventView;
  filter: EventConditions;
  onFilterChange: (filter: EventConditions) => void;
  range: TimeRange;
  onRangeChange: (range: TimeRange) => void;
};

const positionOf = (event: EventSummaryDto) => event.position;

/** What a search found: rows, or why there are none. */
export function EventResults(props: EventResultsProps) {
  const { list, view } = props;
  const t = useTranslations("events");
  const [cursor, setCursor] = useState<string | null>(null);
  if (list.status.isPending) return <TableSkeleton rows={20} label={t("loading")} />;
  if (list.status.isLoadingError) {
    return (
      <ErrorNotice
        title={t("loadFailed")}
        error={list.status.error}
        onRetry={list.status.refetch}
        isRetrying={list.status.isFetching}
      />
    );
  }
  if (list.rows.length === 0) {
    return (
      <NoEvents
        list={list}
        filter={props.filter}
        onFilterChange={props.onFilterChange}
        range={props.range}
        onRangeChange={props.onRangeChange}
      />
    );
  }

  const moveCursor = (position: string | null) => {
    // Escape closes what is open first, then lets go of the row.
    if (position === null && view.position !== null) return view.close();
    setCursor(position);
    if (position !== null && view.position !== null) view.open(position);
  };
  return (
    <DataTable
      // A list that begins anew is looked at from its top.
      key={list.generation}
      label={t("title")}
      columns={props.columns}
      rows={list.rows}
      getRowId={positionOf}
      activeId={view.position ?? cursor}
      onActiveChange={moveCursor}
      onOpen={(event) => view.open(event.position)}
      layout={props.layout}
      onLayoutChange={props.onLayoutChange}
      {...(list.canContinue && { onEndReached: list.fetchNext })}
      isBusy={list.status.isFetching}
      className={classNames("bg-surface", list.status.isPlaceholderData && "opacity-60")}
      footer={<ListEnd list={list} />}
    />
  );
}
