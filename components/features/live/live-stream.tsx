"use client";

import { useTranslations } from "next-intl";
import { type ComponentProps, useEffect, useMemo, useState } from "react";
import { useEventColumns } from "#components/event-detail/event-columns.tsx";
import { EventPanel } from "#components/event-detail/event-panel.tsx";
import { FirstEvent } from "#components/event-detail/first-event.tsx";
import { similarHref } from "#components/event-detail/similar-link.ts";
import { useEventView } from "#components/event-detail/use-event-view.ts";
import { isEmptyFilter } from "#components/lib/event-filter.ts";
import { useConnection } from "#components/live/connection.tsx";
import type { Connection } from "#components/live/connection-store.ts";
import { countWaiting, type LiveEntry } from "#components/live/live-list.ts";
import { useLiveEvents } from "#components/live/use-live-events.ts";
import { ColumnMenu } from "#components/ui/column-menu.tsx";
import type { DataColumn } from "#components/ui/data-table-columns.ts";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { SplitPane } from "#components/ui/split-pane.tsx";
import { useColumnLayout } from "#components/ui/use-column-layout.ts";
import type { FirstPage } from "./live-queries.ts";
import { LiveTable } from "./live-table.tsx";
import { type FollowState, LiveToolbar } from "./live-toolbar.tsx";
import { NothingMatches } from "./nothing-matches.tsx";

type LiveStreamProps = {
  first: FirstPage;
  onClearFilter: () => void;
  /** Called when the first page is of no use any more. */
  onStale: () => void;
};

/** One stream of events with the event that is open beside it. */
export function LiveStream({ first: { filter, page }, onClearFilter, onStale }: LiveStreamProps) {
  const t = useTranslations("live");
  const view = useEventView();
  const live = useLiveEvents({ filter, first: page, onStale });
  const { list, holds, setHold } = live;
  const [cursor, setCursor] = useState<string | null>(null);
  useEffect(() => setHold("cursor", cursor !== null), [setHold, cursor]);

  const isPaused = holds.has("paused");
  const togglePause = () => setHold("paused", !isPaused);
  useShortcuts([{ keys: "space", label: t(isPaused ? "resume" : "pause"), group: "page", run: togglePause }]);

  const move = (id: string | null) => {
    // Escape closes what is open first, then lets go of the row.
    if (id === null && view.position !== null) return view.close();
    setCursor(id);
    const isEvent = list.entries.some((entry) => entry.kind === "event" && entry.event.position === id);
    if (id !== null && view.position !== null && isEvent) view.open(id);
  };
  const resume = () => {
    setCursor(null);
    for (const reason of holds) setHold(reason, false);
  };
  const columns = useLiveColumns();
  const [layout, setLayout] = useColumnLayout("live");
  const isEmpty = list.entries.length === 0 && (list.waiting ?? []).length === 0;

  return (
    <>
      <LiveToolbar
        state={followState(holds, useConnection())}
        isPaused={isPaused}
        waiting={countWaiting(list)}
        counts={list.counts}
        rate={live.rate}
        onTogglePause={togglePause}
        columnMenu={<ColumnMenu columns={columns} layout={layout} onLayoutChange={setLayout} />}
      />
      {live.refusal === null ? null : (
        <p role="alert" className="border-danger border-b bg-danger-soft px-4 py-1.5 text-danger-ink text-xs">
          {live.refusal.message}
        </p>
      )}
      <SplitPane
        main={
          isEmpty ? (
            <Nothing filter={filter} isComplete={page.searched.complete} onClear={onClearFilter} />
          ) : (
            <LiveTable
              live={live}
              filter={filter}
              columns={columns}
              layout={layout}
              onLayoutChange={setLayout}
              activeId={cursor ?? view.position}
              onActiveChange={move}
              onOpen={view.open}
              onResume={resume}
            />
          )
        }
        side={
          view.position === null ? null : (
            <EventPanel
              position={view.position}
              tab={view.tab}
              onTabChange={view.setTab}
              onOpen={view.open}
              onClose={() => {
                setCursor(null);
                view.close();
              }}
              linkToView={() => location.href}
              hrefOfSimilar={similarHref}
            />
          )
        }
      />
    </>
  );
}

/** The columns of every list of events. Gaps have no cells: they are drawn over all columns. */
function useLiveColumns(): readonly DataColumn<LiveEntry>[] {
  const columns = useEventColumns();
  return useMemo(
    () =>
      columns.map(({ cell, ...column }) => ({
        ...column,
        cell: (entry: LiveEntry) => (entry.kind === "event" ? cell(entry.event) : null),
      })),
    [columns],
  );
}

function Nothing(props: ComponentProps<typeof NothingMatches>) {
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      {isEmptyFilter(props.filter) ? <FirstEvent /> : <NothingMatches {...props} />}
    </div>
  );
}

function followState(holds: ReadonlySet<string>, { state }: Connection): FollowState {
  if (state === "reconnecting" || state === "offline") return "lost";
  if (holds.has("paused")) return "paused";
  return holds.size > 0 ? "holding" : "following";
}
