"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { TimeRangePicker } from "#components/shell/time-range-picker.tsx";
import { useTimeRange } from "#components/shell/use-time-range.ts";
import { Button } from "#components/ui/button.tsx";
import { ColumnMenu } from "#components/ui/column-menu.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { SearchActions } from "#components/ui/search-actions.tsx";
import { SplitPane } from "#components/ui/split-pane.tsx";
import { useColumnLayout } from "#components/ui/use-column-layout.ts";
import type { SubscriptionStatusDto } from "#server/contract/subscriptions.ts";
import { useConsumerColumns } from "./consumer-columns.tsx";
import { ConsumerCounts } from "./consumer-counts.tsx";
import { ConsumerPanel } from "./consumer-panel.tsx";
import { consumerQueries, useRefreshConsumers } from "./consumer-queries.ts";
import { NoConsumers } from "./no-consumers.tsx";
import { SubscriptionDialog } from "./subscription-dialog.tsx";
import { UnroutedEvents } from "./unrouted-events.tsx";

const nameOf = ({ consumer }: SubscriptionStatusDto) => consumer;

/** Every consumer with how far it is, and one of them in full beside the table. */
export function ConsumerExplorer() {
  const t = useTranslations("consumers");
  const list = useQuery(consumerQueries.list());
  const channels = useQuery(consumerQueries.channels());
  const [range] = useTimeRange();
  const processing = useQuery(consumerQueries.processing({ range, consumer: null }));
  const refresh = useRefreshConsumers();
  useLiveTopic("consumers", refresh);

  const [opened, setOpened] = useQueryState("consumer", parseAsString.withOptions({ history: "replace" }));
  const open = (consumer: string | null) =>
    void setOpened(consumer, { history: opened === null ? "push" : "replace" });
  const [cursor, setCursor] = useState<string | null>(null);
  const [isCreating, setIsCreating] = useState(false);
  const columns = useConsumerColumns({
    channels: channels.data?.channels ?? [],
    processing: processing.data,
  });
  const [layout, setLayout] = useColumnLayout("consumers");

  const [search, setSearch] = useQueryState(
    "q",
    parseAsString.withDefault("").withOptions({ throttleMs: 300 }),
  );
  const all = list.data?.subscriptions ?? [];
  const wanted = search.trim().toLowerCase();
  const rows = all.filter(({ consumer }) => consumer.toLowerCase().includes(wanted));
  const selected = all.find(({ consumer }) => consumer === opened) ?? null;
  const moveCursor = (consumer: string | null) => {
    // Escape closes what is open first, then lets go of the row.
    if (consumer === null && opened !== null) return open(null);
    setCursor(consumer);
    if (consumer !== null && opened !== null) open(consumer);
  };

  return (
    <>
      <PageHeader
        title={t("title")}
        meta={list.data === undefined ? null : <ConsumerCounts consumers={rows} />}
        actions={
          <>
            <TimeRangePicker />
            <SearchActions
              search={search}
              onSearch={(text) => void setSearch(text)}
              searchLabel={t("search")}
              onRefresh={() => void refresh()}
              refreshLabel={t("refresh")}
            />
            <ColumnMenu columns={columns} layout={layout} onLayoutChange={setLayout} />
            <Button
              variant="primary"
              icon={<Plus aria-hidden className="size-3.5" />}
              onClick={() => setIsCreating(true)}
            >
              <span className="max-sm:sr-only">{t("create")}</span>
            </Button>
          </>
        }
      />
      <QueryNotices query={list} loading={t("loading")} failed={t("loadFailed")} onRetry={refresh} />
      {list.data !== undefined && all.length === 0 ? (
        <NoConsumers onCreate={() => setIsCreating(true)} />
      ) : null}
      {all.length > 0 && rows.length === 0 ? (
        <EmptyState
          icon={<Search />}
          title={t("noMatch", { text: search.trim() })}
          actions={<Button onClick={() => void setSearch("")}>{t("showAll")}</Button>}
        />
      ) : null}
      {rows.length === 0 ? null : (
        <SplitPane
          main={
            <DataTable
              label={t("title")}
              columns={columns}
              rows={rows}
              getRowId={nameOf}
              activeId={opened ?? cursor}
              onActiveChange={moveCursor}
              onOpen={({ consumer }) => open(consumer)}
              layout={layout}
              onLayoutChange={setLayout}
              className="bg-surface"
              footer={<UnroutedEvents unrouted={channels.data?.unrouted} />}
            />
          }
          side={
            opened === null ? null : (
              <ConsumerPanel
                key={opened}
                name={opened}
                consumer={selected}
                channels={channels.data?.channels ?? []}
                onClose={() => open(null)}
              />
            )
          }
        />
      )}
      {isCreating ? (
        <SubscriptionDialog
          subscription={null}
          channels={channels.data?.channels ?? []}
          names={all.map(nameOf)}
          onClose={() => setIsCreating(false)}
          onSaved={(consumer) => open(consumer)}
        />
      ) : null}
    </>
  );
}
