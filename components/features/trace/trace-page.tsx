"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useMemo } from "react";
import { eventQueries } from "#components/event-detail/event-queries.ts";
import { FreshnessNote } from "#components/event-detail/freshness-note.tsx";
import { ApiError } from "#components/lib/api-error.ts";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { SplitPane } from "#components/ui/split-pane.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
import { SAGAS_TOPIC, type TraceReference } from "#server/contract/sagas.ts";
import { FlowEvents } from "./flow-events.tsx";
import { SelectionSide } from "./selection-side.tsx";
import { TraceHeader } from "./trace-header.tsx";
import { type ReadTrace, traceQueries } from "./trace-queries.ts";
import { formatSelection, parseSelection, type TraceSelection } from "./trace-selection.ts";
import { TraceSummary } from "./trace-summary.tsx";
import { TRACE_VIEW_COMPONENTS } from "./trace-view-components.ts";
import { type TraceViewState, useTraceView } from "./use-trace-view.ts";

/** A burst of hints is one refresh: whoever reads can't follow more. */
const FOLD_MS = 1_000;

type TracePageProps = {
  /** What the events of the flow share. */
  value: string;
  /** What can be done with the run of a declared process. */
  renderActions?: (run: { process: string; id: string }) => ReactNode;
};

/** One correlated flow: where it stands and why, what it did when, because of what, and what it took back. */
export function TracePage({ value, renderActions }: TracePageProps) {
  const view = useTraceView(value);
  const client = useQueryClient();
  const query = useTrace(view.reference);
  useLiveTopic(
    SAGAS_TOPIC,
    () => void client.invalidateQueries({ queryKey: traceQueries.one(view.reference, null).queryKey }),
    FOLD_MS,
  );
  const actions = query.data?.run == null ? null : renderActions?.(query.data.run);
  return (
    <>
      <TraceHeader view={view} answer={query.data ?? null} actions={actions} />
      <TraceContent view={view} query={query} />
    </>
  );
}

function useTrace(reference: TraceReference) {
  return useQuery(traceQueries.one(reference, null));
}

type TraceContentProps = { view: TraceViewState; query: ReturnType<typeof useTrace> };

function TraceContent({ view, query }: TraceContentProps) {
  const t = useTranslations("trace");
  if (query.isPending) return <TableSkeleton label={t("loading")} />;
  if (query.isLoadingError) {
    const { error, refetch } = query;
    const isMissing = error instanceof ApiError && error.status === 404;
    return isMissing ? <NoTrace /> : <ErrorNotice title={t("loadFailed")} error={error} onRetry={refetch} />;
  }
  return (
    <>
      {query.isRefetchError ? (
        <StaleBanner since={query.dataUpdatedAt} onRetry={query.refetch} isRetrying={query.isFetching} />
      ) : null}
      {query.data.trace.events.length === 0 ? <NoTrace /> : <TraceBody view={view} answer={query.data} />}
    </>
  );
}

/** An answer without events says how fresh it is, since they may not be stored yet. */
function NoTrace() {
  const t = useTranslations("trace");
  const newest = useQuery(eventQueries.newest());
  return (
    <EmptyState title={t("empty")} icon={<SearchX />}>
      <p className="mb-2">{t("emptyHint")}</p>
      {newest.data === undefined ? null : (
        <FreshnessNote asOf={newest.data.asOf} askedAt={newest.dataUpdatedAt} />
      )}
    </EmptyState>
  );
}

function TraceBody({ view, answer }: { view: TraceViewState; answer: ReadTrace }) {
  const played = useQuery({
    ...traceQueries.one(view.reference, view.atUs),
    enabled: view.atUs !== null,
    // While the next moment is read, the one before stays.
    placeholderData: keepPreviousData,
  });
  const shown = view.atUs === null ? answer : (played.data ?? answer);
  const { trace, saga, letters } = shown;
  const { selected } = view;
  const selection = useMemo(
    () => (selected === null ? null : parseSelection(trace, selected)),
    [trace, selected],
  );
  const select = (next: TraceSelection | null) =>
    view.select(next === null ? null : formatSelection(trace, next));
  const View = view.view === "events" ? null : TRACE_VIEW_COMPONENTS[view.view];
  return (
    <SplitPane
      main={
        <div className="flex min-h-0 flex-1 flex-col bg-surface">
          <TraceSummary answer={shown} view={view} />
          {View === null ? (
            <FlowEvents
              correlationId={view.reference.value}
              currentPosition={positionOf(trace, selection)}
              onOpen={(position) => view.select(`event/${position}`)}
            />
          ) : (
            <View
              trace={trace}
              saga={saga}
              letters={letters}
              selection={selection}
              onSelect={select}
              atUs={view.atUs}
            />
          )}
        </div>
      }
      side={
        selection === null ? null : (
          <SelectionSide answer={shown} selection={selection} onSelect={select} view={view} />
        )
      }
    />
  );
}

function positionOf(trace: ReadTrace["trace"], selection: TraceSelection | null): string | null {
  return selection?.kind === "event" ? (trace.events[selection.event]?.position ?? null) : null;
}
