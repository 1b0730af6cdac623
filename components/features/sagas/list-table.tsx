"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useMemo, useState } from "react";
import { traceHref } from "#components/shell/destinations.ts";
import { Button } from "#components/ui/button.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { FloatingPill } from "#components/ui/floating-pill.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { useFailure } from "#components/ui/use-failure.ts";
import { useHeldRows } from "#components/ui/use-held-rows.ts";
import type { SagaDto, SagaFilter, SagaPageDto, SagaSort, TraceReference } from "#server/contract/sagas.ts";
import { useSagaColumns } from "./list-columns.tsx";
import { ListCompareBar } from "./list-compare-bar.tsx";
import { sagaQueries } from "./saga-queries.ts";
import { usePickedSagas } from "./use-picked-sagas.ts";

const ROW_HEIGHT = 48;
const idOf = ({ id }: SagaDto) => id;
/** With further pages to come nobody knows whether a saga has left the list or only its page. */
const NOBODY: ReadonlySet<string> = new Set();

export type ListTableProps = {
  filter: SagaFilter;
  sort: SagaSort;
  onRefresh: () => unknown;
  /** Called with the trace that somebody is about to open; with null once they are not. */
  onAim: (reference: TraceReference | null) => void;
  renderEmpty: (page: SagaPageDto, askedAt: number) => ReactNode;
};

/** The sagas that a filter takes. They stay where they are while they are read; newcomers are counted above them. */
export function ListTable({ filter, sort, onRefresh, onAim, renderEmpty }: ListTableProps) {
  const t = useTranslations("sagas.list");
  const router = useRouter();
  const [cursor, setCursor] = useState<string | null>(null);
  const list = useInfiniteQuery(sagaQueries.list(filter, sort));
  const answer = useMemo(() => list.data?.pages.map((page) => page.sagas), [list.data]);
  const held = useHeldRows({
    question: JSON.stringify([filter, sort]),
    answer: list.isPlaceholderData ? undefined : answer,
    idOf,
  });
  const { picked, isTicked, tick, clear } = usePickedSagas();
  const columns = useSagaColumns({ isTicked, onTick: tick });
  useShortcuts([
    {
      keys: "x",
      label: t("keys.tick"),
      group: "page",
      run: () => {
        const active = held.rows.find(({ id }) => id === cursor);
        if (active !== undefined) tick(active);
      },
    },
  ]);
  const hasFailed = useFailure(list) !== null;
  const page = hasFailed ? undefined : list.data?.pages[0];
  const left = list.hasNextPage ? NOBODY : held.left;
  const fetchNext = () => void list.fetchNextPage();

  return (
    <>
      <QueryNotices
        query={list}
        loading={t("loading")}
        failed={t("loadFailed")}
        rows={14}
        onRetry={onRefresh}
      />
      {page !== undefined && held.rows.length === 0 ? (
        <div className="min-h-0 flex-1 overflow-auto">
          {held.arrivals === 0 ? null : (
            <p className="flex justify-center pt-4">
              <Button onClick={held.release}>{t("arrivals", { count: held.arrivals })}</Button>
            </p>
          )}
          {renderEmpty(page, list.dataUpdatedAt)}
        </div>
      ) : null}
      {page === undefined || held.rows.length === 0 ? null : (
        <div className="relative flex min-h-0 flex-1 flex-col">
          {held.arrivals === 0 ? null : (
            <FloatingPill onClick={held.release}>{t("arrivals", { count: held.arrivals })}</FloatingPill>
          )}
          <DataTable
            label={t("label")}
            columns={columns}
            rows={held.rows}
            getRowId={idOf}
            rowHeight={ROW_HEIGHT}
            activeId={cursor}
            onActiveChange={setCursor}
            onOpen={({ reference }) => router.push(traceHref(reference))}
            onAim={(row) => onAim(row?.reference ?? null)}
            rowClassName={(row) => (left.has(row.id) ? "opacity-60" : undefined)}
            isBusy={list.isPlaceholderData}
            className="bg-surface"
            footer={
              <p className="sticky left-0 flex w-fit items-center gap-2 px-3 py-2 text-ink-muted text-xs md:px-4">
                {t(list.hasNextPage ? "more" : "all")}
                {list.hasNextPage ? (
                  <Button size="sm" isBusy={list.isFetchingNextPage} onClick={fetchNext}>
                    {t("loadMore")}
                  </Button>
                ) : null}
              </p>
            }
            {...(list.hasNextPage && !list.isFetching && { onEndReached: fetchNext })}
          />
        </div>
      )}
      <ListCompareBar ticked={picked} onClear={clear} />
    </>
  );
}
