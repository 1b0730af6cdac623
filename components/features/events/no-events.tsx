"use client";

import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { eventQueries } from "#components/event-detail/event-queries.ts";
import { FirstEvent } from "#components/event-detail/first-event.tsx";
import { FreshnessNote } from "#components/event-detail/freshness-note.tsx";
import { coveringRange } from "#components/event-detail/similar-link.ts";
import { type EventConditions, isEmptyFilter } from "#components/lib/event-filter.ts";
import { PRESETS, presetMs, type TimeRange } from "#components/shell/time-range.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { SearchedWords } from "./list-end.tsx";
import type { EventList } from "./use-event-list.ts";

type NoEventsProps = {
  list: EventList;
  filter: EventConditions;
  onFilterChange: (filter: EventConditions) => void;
  range: TimeRange;
  onRangeChange: (range: TimeRange) => void;
};

/** A list without rows: the search goes on, nothing matches, or there is nothing at all yet. */
export function NoEvents(props: NoEventsProps) {
  const { list } = props;
  const t = useTranslations("events");
  const newest = useQuery(eventQueries.newest());
  if (!list.progress.isComplete) return <StillSearching list={list} />;
  if (newest.isPending) return <TableSkeleton rows={3} label={t("loading")} />;
  const newestAt = newest.data?.events[0]?.recordedAt ?? null;
  if (newest.isSuccess && newestAt === null && isEmptyFilter(props.filter)) return <FirstEvent />;
  return <NoMatch {...props} newestAt={newestAt} />;
}

function StillSearching({ list }: { list: EventList }) {
  const t = useTranslations("events");
  const { canContinue, fetchNext } = list;
  useEffect(() => {
    if (canContinue) void fetchNext();
  }, [canContinue, fetchNext]);
  return (
    <EmptyState title={t("searchingTitle")} icon={<SearchX />}>
      <p className="flex items-center justify-center gap-2">
        <SearchedWords list={list} />
      </p>
    </EmptyState>
  );
}

type NoMatchProps = NoEventsProps & { newestAt: string | null };

function NoMatch({ list, filter, onFilterChange, range, onRangeChange, newestAt }: NoMatchProps) {
  const t = useTranslations("events.noMatch");
  const presets = useTranslations("timeRange.preset");
  const isFiltered = !isEmptyFilter(filter);
  const wider = widerPresets(range);
  return (
    <EmptyState
      title={isFiltered ? t("filtered") : t("window")}
      icon={<SearchX />}
      actions={
        <>
          {isFiltered ? <Button onClick={() => onFilterChange({})}>{t("clearFilter")}</Button> : null}
          {wider.map((preset) => (
            <Button key={preset} onClick={() => onRangeChange({ kind: "relative", preset })}>
              {t("widen", { span: presets(preset) })}
            </Button>
          ))}
          {isFiltered || newestAt === null ? null : (
            <Button variant="primary" onClick={() => onRangeChange(coveringRange(newestAt, Date.now()))}>
              {t("goToNewest")}
            </Button>
          )}
        </>
      }
    >
      {list.asOf === null ? null : <FreshnessNote asOf={list.asOf} askedAt={list.status.dataUpdatedAt} />}
    </EmptyState>
  );
}

/** Spans that reach further back than the present range, the next two. */
function widerPresets(range: TimeRange) {
  const present = range.kind === "relative" ? presetMs(range.preset) : 0;
  return PRESETS.filter((preset) => presetMs(preset) > Math.max(present, presetMs("6h"))).slice(-2);
}
