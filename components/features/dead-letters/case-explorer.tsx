"use client";

import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { DeadLetterTabs } from "#components/shell/dead-letter-tabs.tsx";
import { caseHref } from "#components/shell/destinations.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { Select } from "#components/ui/select.tsx";
import { useFailure } from "#components/ui/use-failure.ts";
import { useHeldRows } from "#components/ui/use-held-rows.ts";
import {
  CASE_SORTS,
  CASE_WINDOWS,
  type CaseListDto,
  type FailureCaseDto,
} from "#server/contract/failure-cases.ts";
import { CaseFilters } from "./case-filters.tsx";
import { caseQueries, useRefreshCases } from "./case-queries.ts";
import { CaseTable } from "./case-table.tsx";
import { type CaseView, formatCaseView } from "./case-view.ts";
import { NoCases } from "./no-cases.tsx";
import { useCaseView } from "./use-case-view.ts";
import { useLiveDeadLetters } from "./use-live-dead-letters.ts";

const idOf = ({ id }: FailureCaseDto) => String(id);

/** Every failure case by what it does harm to, with its deaths over time. */
export function CaseExplorer() {
  const t = useTranslations("deadLetters.cases");
  const router = useRouter();
  const [view, setView] = useCaseView();
  const list = useInfiniteQuery(caseQueries.list(view));
  const refresh = useRefreshCases();
  useLiveDeadLetters(refresh);
  const anew = useMutation({ mutationFn: refresh });
  const answer = useMemo(() => list.data?.pages.map((page) => page.cases), [list.data]);
  const held = useHeldRows({
    question: formatCaseView(view).toString(),
    answer: list.isPlaceholderData ? undefined : answer,
    idOf,
  });
  const [cursor, setCursor] = useState<string | null>(null);
  const hasFailed = useFailure(list) !== null;
  const page = hasFailed ? undefined : list.data?.pages[0];

  return (
    <>
      <PageHeader
        title={t("title")}
        meta={page === undefined ? null : <Totals page={page} />}
        actions={
          <CaseControls
            view={view}
            onViewChange={setView}
            isRefreshing={anew.isPending}
            onRefresh={() => {
              held.release();
              anew.mutate(undefined, { onSuccess: held.release });
            }}
          />
        }
      >
        <DeadLetterTabs />
        <div className="border-line border-t">
          <CaseFilters view={view} onViewChange={setView} />
        </div>
      </PageHeader>
      <QueryNotices
        query={list}
        loading={t("loading")}
        failed={t("loadFailed")}
        rows={16}
        onRetry={refresh}
      />
      {page !== undefined && held.rows.length === 0 ? (
        <div className="min-h-0 flex-1 overflow-auto">
          <NoCases page={page} askedAt={list.dataUpdatedAt} view={view} onViewChange={setView} />
        </div>
      ) : null}
      {page === undefined || held.rows.length === 0 ? null : (
        <CaseTable
          cases={held.rows}
          left={list.hasNextPage ? NOBODY : held.left}
          arrivals={held.arrivals}
          onShowArrivals={held.release}
          page={page}
          view={view}
          isBusy={list.isPlaceholderData}
          activeId={cursor}
          onActiveChange={setCursor}
          onOpen={(failureCase) => router.push(caseHref(failureCase.id))}
          onChanged={(failureCase) =>
            // The answer to a command has the deaths of another window.
            held.replace(idOf(failureCase), (row) => ({ ...failureCase, series: row.series }))
          }
          {...(list.hasNextPage && !list.isFetching && { onEndReached: () => void list.fetchNextPage() })}
        />
      )}
    </>
  );
}

/** With further pages to come nobody knows whether a case has left the list or only its page. */
const NOBODY: ReadonlySet<string> = new Set();

function Totals({ page: { total, parked, failingNow } }: { page: CaseListDto }) {
  const t = useTranslations("deadLetters.cases");
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap">
      <span className="text-ink-muted text-xs max-sm:hidden">{t("totals", { total, parked })}</span>
      {failingNow === 0 ? null : <Badge tone="danger">{t("failingNow", { count: failingNow })}</Badge>}
    </span>
  );
}

type CaseControlsProps = {
  view: CaseView;
  onViewChange: (view: CaseView) => void;
  isRefreshing: boolean;
  onRefresh: () => void;
};

function CaseControls({ view, onViewChange, isRefreshing, onRefresh }: CaseControlsProps) {
  const t = useTranslations("deadLetters.cases");
  const windows = useTranslations("timeRange.preset");
  return (
    <>
      <SegmentedControl
        label={t("window")}
        value={view.window}
        onValueChange={(window) => onViewChange({ ...view, window })}
        options={CASE_WINDOWS.map((value) => ({ value, label: windows(value) }))}
      />
      <Select
        label={t("sort")}
        value={view.sort}
        onValueChange={(sort) => onViewChange({ ...view, sort })}
        options={CASE_SORTS.map((value) => ({ value, label: t(`sorts.${value}`) }))}
        className="w-44 max-sm:w-36"
      />
      <IconButton
        label={t("refresh")}
        icon={<RefreshCw aria-hidden className={isRefreshing ? "size-4 animate-spin" : "size-4"} />}
        onClick={onRefresh}
      />
    </>
  );
}
