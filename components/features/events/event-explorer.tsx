"use client";

import { RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { useEventColumns } from "#components/event-detail/event-columns.tsx";
import { EventPanel } from "#components/event-detail/event-panel.tsx";
import { MAX_COUNTED_ARRIVALS } from "#components/event-detail/event-queries.ts";
import { EVENTS_RANGE, toListWindow } from "#components/event-detail/list-window.ts";
import { similarHref } from "#components/event-detail/similar-link.ts";
import { useEventView } from "#components/event-detail/use-event-view.ts";
import { FilterBar } from "#components/event-filter/filter-bar.tsx";
import { useEventFilter } from "#components/event-filter/use-event-filter.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { TimeRangePicker } from "#components/shell/time-range-picker.tsx";
import { useTimeRange } from "#components/shell/use-time-range.ts";
import { Button } from "#components/ui/button.tsx";
import { ColumnMenu } from "#components/ui/column-menu.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { SplitPane } from "#components/ui/split-pane.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
import { useColumnLayout } from "#components/ui/use-column-layout.ts";
import { EventResults } from "./event-results.tsx";
import { toShareLink } from "./share-link.ts";
import { type EventList, useEventList } from "./use-event-list.ts";

/** Searches everything that was recorded: a filter and a time range above, the list below, one event beside it. */
export function EventExplorer() {
  const t = useTranslations("events");
  const [filter, setFilter] = useEventFilter();
  const [range, setRange] = useTimeRange(EVENTS_RANGE);
  const query = useMemo(() => ({ filter, window: toListWindow(range) }), [filter, range]);
  const list = useEventList(query);
  const view = useEventView();
  const columns = useEventColumns();
  const [layout, setLayout] = useColumnLayout("events");
  const refresh = () => list.refresh.mutate();
  useShortcuts([{ keys: "r", label: t("refresh"), group: "page", run: refresh }]);

  return (
    <>
      <PageHeader
        title={t("title")}
        meta={<Arrivals list={list} onShow={refresh} />}
        actions={
          <>
            <TimeRangePicker fallback={EVENTS_RANGE} />
            <IconButton
              label={t("refresh")}
              keys="r"
              icon={
                <RefreshCw
                  aria-hidden
                  className={list.refresh.isPending ? "size-4 animate-spin" : "size-4"}
                />
              }
              onClick={refresh}
            />
            <ColumnMenu columns={columns} layout={layout} onLayoutChange={setLayout} />
          </>
        }
      >
        <FilterBar filter={filter} onFilterChange={setFilter} />
      </PageHeader>
      {list.staleSince === null ? null : (
        <StaleBanner since={list.staleSince} onRetry={refresh} isRetrying={list.refresh.isPending} />
      )}
      <SplitPane
        main={
          <EventResults
            list={list}
            columns={columns}
            layout={layout}
            onLayoutChange={setLayout}
            view={view}
            filter={filter}
            onFilterChange={setFilter}
            range={range}
            onRangeChange={setRange}
          />
        }
        side={
          view.position === null ? null : (
            <EventPanel
              position={view.position}
              tab={view.tab}
              onTabChange={view.setTab}
              onOpen={view.open}
              onClose={view.close}
              linkToView={() => toShareLink(location.href, list.shown)}
              hrefOfSimilar={(event, by, value) => similarHref(event, by, value, { range })}
            />
          )
        }
      />
    </>
  );
}

/** How many events the list lacks by now. It stands in the header, so that nothing moves when they come. */
function Arrivals({ list, onShow }: { list: EventList; onShow: () => void }) {
  const t = useTranslations("events");
  if (list.arrivals === 0) return <span role="status" />;
  const words = list.arrivals >= MAX_COUNTED_ARRIVALS ? "arrivalsCapped" : "arrivals";
  return (
    <span role="status">
      <Button size="sm" isBusy={list.refresh.isPending} onClick={onShow}>
        {t(words, { count: list.arrivals })}
      </Button>
    </span>
  );
}
