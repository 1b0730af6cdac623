"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import type { EventConditions } from "#components/lib/event-filter.ts";
import { countWaiting, entryId, type LiveEntry } from "#components/live/live-list.ts";
import type { LiveEvents } from "#components/live/use-live-events.ts";
import { searchHref } from "#components/shell/destinations.ts";
import { DataTable } from "#components/ui/data-table.tsx";
import type { ColumnLayout, DataColumn } from "#components/ui/data-table-columns.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { GapRow } from "./gap-row.tsx";
import { useGapLoading } from "./use-gap-loading.ts";
import { useReadingHolds } from "./use-reading-holds.ts";
import { WaitingPill } from "./waiting-pill.tsx";

type LiveTableProps = {
  live: LiveEvents;
  filter: EventConditions;
  columns: readonly DataColumn<LiveEntry>[];
  layout: ColumnLayout;
  onLayoutChange: (layout: ColumnLayout) => void;
  activeId: string | null;
  onActiveChange: (id: string | null) => void;
  onOpen: (position: string) => void;
  onResume: () => void;
};

/** The stream itself. What somebody reads or points at keeps its place; a pill says what came meanwhile. */
export function LiveTable(props: LiveTableProps) {
  const { live, filter, onOpen, onResume } = props;
  const t = useTranslations("live");
  const scroller = useRef<HTMLDivElement>(null);
  const gaps = useGapLoading(filter, live.fill);
  const wide = (entry: LiveEntry) =>
    entry.kind === "gap" ? <GapRow gap={entry} state={gaps.stateOf(entry)} onLoad={gaps.load} /> : null;

  return (
    <div {...useReadingHolds(live.setHold)} className="relative flex min-h-0 flex-1 flex-col">
      <WaitingPill
        waiting={countWaiting(live.list)}
        onShow={() => {
          scroller.current?.scrollTo({ top: 0 });
          onResume();
        }}
      />
      <DataTable
        label={t("table")}
        columns={props.columns}
        layout={props.layout}
        onLayoutChange={props.onLayoutChange}
        rows={live.list.entries}
        getRowId={entryId}
        activeId={props.activeId}
        onActiveChange={props.onActiveChange}
        onOpen={(entry) => (entry.kind === "gap" ? gaps.load(entry) : onOpen(entry.event.position))}
        wide={wide}
        scrollerRef={scroller}
        footer={<OlderEvents evicted={live.list.evicted} filter={filter} />}
        className="bg-surface"
      />
    </div>
  );
}

/** Where the list ends: what is older is a search. */
function OlderEvents({ evicted, filter }: { evicted: number; filter: EventConditions }) {
  const t = useTranslations("live.older");
  const format = useFormat();
  return (
    <p className="px-3 py-3 text-ink-muted text-xs md:px-4">
      {evicted === 0 ? null : <span>{t("evicted", { count: format.number(evicted) })} </span>}
      {t.rich("search", {
        link: (words) => (
          <Link
            href={searchHref(filter)}
            prefetch={false}
            className="text-accent underline underline-offset-2"
          >
            {words}
          </Link>
        ),
      })}
    </p>
  );
}
