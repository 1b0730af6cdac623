"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { letterHref } from "#components/shell/destinations.ts";
import { Button } from "#components/ui/button.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ReplayDto, ReplayItemDto } from "#server/contract/replays.ts";
import { useItemColumns } from "./item-columns.tsx";
import { ITEM_FILTERS, type ItemFilter } from "./item-filter.ts";
import { MAX_LIVE_PAGES, replayQueries } from "./replay-queries.ts";
import { useItemFilter } from "./use-item-filter.ts";

const idOf = ({ seq }: ReplayItemDto) => String(seq);
const NO_ITEMS: ReplayItemDto[] = [];

/**
 * The items of a replay in the order in which they were selected. All of them keep their places while they end;
 * a filtered list is as it was when it was read, and says when others have come to it.
 */
export function ItemTable({ replay }: { replay: ReplayDto }) {
  const t = useTranslations("replays");
  const router = useRouter();
  const [filter, setFilter] = useItemFilter();
  const [cursor, setCursor] = useState<string | null>(null);
  const columns = useItemColumns();
  const list = useInfiniteQuery(replayQueries.items(replay.id, filter));
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? NO_ITEMS, [list.data]);
  const isLive = filter === "all" && (list.data?.pages.length ?? 0) <= MAX_LIVE_PAGES;
  const fetchNext = () => {
    if (list.hasNextPage && !list.isFetching) void list.fetchNextPage();
  };
  const labelOf = (one: ItemFilter) => {
    const count = countIn(replay, one);
    const label = one === "all" ? t("items.all") : t(`stands.${one}`);
    return count === null ? label : t("items.option", { label, count });
  };
  return (
    <section
      aria-labelledby="replay-items"
      className="flex min-h-96 flex-1 shrink-0 flex-col border-line border-t"
    >
      <div className="flex flex-wrap items-center gap-2 px-3 py-2 md:px-4">
        <h2 id="replay-items" className="font-medium text-sm">
          {t("items.title")}
        </h2>
        <Select
          label={t("items.filter")}
          value={filter}
          options={ITEM_FILTERS.map((value) => ({
            value,
            label: labelOf(value),
          }))}
          onValueChange={(next) => void setFilter(next)}
          className="w-56"
        />
        {list.data === undefined || isLive ? null : (
          <Changed count={changesOf(replay, filter)} readAt={list.data} onShow={() => void list.refetch()} />
        )}
      </div>
      <QueryNotices
        query={list}
        rows={4}
        loading={t("items.loading")}
        failed={t("items.loadFailed")}
        onRetry={list.refetch}
      />
      {list.data !== undefined && rows.length === 0 ? (
        <p className="px-3 py-6 text-center text-ink-muted text-sm">{t("items.none")}</p>
      ) : null}
      {rows.length === 0 ? null : (
        <DataTable
          label={t("items.title")}
          columns={columns}
          rows={rows}
          getRowId={idOf}
          activeId={cursor}
          onActiveChange={setCursor}
          onOpen={(item) => router.push(letterHref(item))}
          onEndReached={fetchNext}
          isBusy={list.isFetching}
        />
      )}
    </section>
  );
}

/** How many a list holds, where the totals say so. */
function countIn({ totals }: ReplayDto, filter: ItemFilter): number | null {
  switch (filter) {
    case "all":
      return totals.itemCount;
    case "held":
    case "waiting":
      return null;
    case "in-flight":
      return totals.inFlight;
    default:
      return totals[filter];
  }
}

/** A number that changes when a list does. */
function changesOf({ totals }: ReplayDto, filter: ItemFilter): number {
  switch (filter) {
    case "all":
      return totals.ended;
    case "held":
    case "waiting":
      return totals.left;
    case "in-flight":
      return totals.ended + totals.left;
    default:
      return totals[filter];
  }
}

type ChangedProps = { count: number; readAt: object; onShow: () => void };

/** Over a list that does not follow by itself: that it is not what it was when it was read, and a way to read it anew. */
function Changed({ count, readAt, onShow }: ChangedProps) {
  const t = useTranslations("replays.items");
  const [read, setRead] = useState({ readAt, count });
  if (read.readAt !== readAt) setRead({ readAt, count });
  if (read.readAt !== readAt || read.count === count) return null;
  return (
    <Button size="sm" onClick={onShow}>
      {t("changed")}
    </Button>
  );
}
