"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { MailCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useMemo } from "react";
import { FreshnessNote } from "#components/event-detail/freshness-note.tsx";
import { Button } from "#components/ui/button.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FloatingPill } from "#components/ui/floating-pill.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { useFailure } from "#components/ui/use-failure.ts";
import { useHeldRows } from "#components/ui/use-held-rows.ts";
import type { LetterFilter, LetterPageDto, LetterSummaryDto } from "#server/contract/dead-letters.ts";
import { useLetterColumns } from "./letter-columns.tsx";
import { letterId } from "./letter-id.ts";
import { letterQueries, useRefreshLetters } from "./letter-queries.ts";
import { SelectionBar } from "./selection-bar.tsx";
import { useLetterPicking } from "./use-letter-picking.ts";
import { useLiveDeadLetters } from "./use-live-dead-letters.ts";

type LetterListProps = {
  filter: LetterFilter;
  activeId: string | null;
  onActiveChange: (id: string | null) => void;
  onOpen: (letter: LetterSummaryDto) => void;
  /** Columns that say nothing here. */
  without?: readonly string[];
  /** What can be done where nothing matches. */
  emptyActions?: ReactNode;
};

/** The dead letters that a filter takes, to be read, ticked and worked with. */
export function LetterList({
  filter,
  activeId,
  onActiveChange,
  onOpen,
  without,
  emptyActions,
}: LetterListProps) {
  const t = useTranslations("deadLetters.letters");
  const list = useInfiniteQuery(letterQueries.list(filter));
  const refresh = useRefreshLetters();
  useLiveDeadLetters(refresh);
  const answer = useMemo(() => list.data?.pages.map((page) => page.letters), [list.data]);
  const held = useHeldRows({
    question: JSON.stringify(filter),
    answer: list.isPlaceholderData ? undefined : answer,
    idOf: letterId,
  });
  const ids = useMemo(() => held.rows.map(letterId), [held.rows]);
  const picking = useLetterPicking(filter, ids);
  const columns = useLetterColumns({
    isTicked: picking.isTicked,
    onTick: picking.tick,
    ...(without && { without }),
  });
  useShortcuts([
    {
      keys: "x",
      label: t("keys.tick"),
      group: "page",
      run: () => {
        if (activeId !== null && ids.includes(activeId)) picking.tick(activeId, false);
      },
    },
    { keys: "shift+x", label: t("keys.tickListed"), group: "page", run: picking.tickListed },
  ]);
  const hasFailed = useFailure(list) !== null;
  const last = hasFailed ? undefined : list.data?.pages.at(-1);
  const isEmpty = last !== undefined && held.rows.length === 0;
  const left = list.hasNextPage ? NOBODY : held.left;

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <SelectionBar picking={picking} />
      <QueryNotices
        query={list}
        loading={t("loading")}
        failed={t("loadFailed")}
        rows={12}
        onRetry={refresh}
      />
      {isEmpty ? (
        <div className="min-h-0 flex-1 overflow-auto">
          <EmptyState
            title={t(list.hasNextPage ? "searching" : "none")}
            icon={<MailCheck />}
            actions={list.hasNextPage ? <SearchOn list={list} /> : emptyActions}
          >
            {last.ungrouped === 0 ? null : <p>{t("ungrouped", { count: last.ungrouped })}</p>}
            <FreshnessNote asOf={last.asOf} askedAt={list.dataUpdatedAt} />
          </EmptyState>
        </div>
      ) : null}
      {last === undefined || isEmpty ? null : (
        <div className="relative flex min-h-0 flex-1 flex-col">
          {held.arrivals === 0 ? null : (
            <FloatingPill onClick={held.release}>{t("arrivals", { count: held.arrivals })}</FloatingPill>
          )}
          <DataTable
            label={t("label")}
            columns={columns}
            rows={held.rows}
            getRowId={letterId}
            activeId={activeId}
            onActiveChange={onActiveChange}
            onOpen={onOpen}
            rowClassName={(row) => (left.has(letterId(row)) ? "opacity-60" : undefined)}
            isBusy={list.isPlaceholderData}
            className="bg-surface"
            footer={<ListEnd list={list} page={last} />}
            {...(list.hasNextPage && !list.isFetching && { onEndReached: () => void list.fetchNextPage() })}
          />
        </div>
      )}
    </div>
  );
}

/** With further pages to come nobody knows whether a letter has left the list or only its page. */
const NOBODY: ReadonlySet<string> = new Set();

type Searching = { isFetchingNextPage: boolean; fetchNextPage: () => unknown };

/** A search for texts stops now and then, and says so; a person decides whether it goes on. */
function SearchOn({ list }: { list: Searching }) {
  const t = useTranslations("deadLetters.letters");
  return (
    <Button size="sm" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
      {t("searchOn")}
    </Button>
  );
}

type ListEndProps = { list: Searching; page: LetterPageDto };

function ListEnd({ list, page: { nextBefore, ungrouped, searched } }: ListEndProps) {
  const t = useTranslations("deadLetters.letters");
  const format = useFormat();
  const isStopped = nextBefore !== null && !searched.complete;
  return (
    <p className="sticky left-0 flex w-fit flex-wrap items-center gap-2 px-3 py-2 text-ink-muted text-xs md:px-4">
      {nextBefore === null ? t("all") : null}
      {nextBefore !== null && !isStopped ? t("more") : null}
      {isStopped && searched.from !== null ? t("searchedTo", { time: format.minute(searched.from) }) : null}
      {isStopped ? <SearchOn list={list} /> : null}
      {ungrouped === 0 ? null : ` ${t("ungrouped", { count: ungrouped })}`}
    </p>
  );
}
