"use client";

import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { eventQueries } from "#components/event-detail/event-queries.ts";
import { FreshnessNote } from "#components/event-detail/freshness-note.tsx";
import { ApiError } from "#components/lib/api-error.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
import { TraceBody } from "./trace-body.tsx";
import { TraceHeader } from "./trace-header.tsx";
import { useLiveTrace } from "./use-live-trace.ts";
import { type PlayedTrace, usePlayedTrace } from "./use-played-trace.ts";
import { type TraceViewState, useTraceView } from "./use-trace-view.ts";

type TracePageProps = {
  /** What the events of the flow share. */
  value: string;
  /** What can be done with the run of a declared process. */
  renderActions?: (run: { process: string; id: string }) => ReactNode;
};

/** One correlated flow: where it stands and why, what it did when, because of what, and what it took back. */
export function TracePage({ value, renderActions }: TracePageProps) {
  const view = useTraceView(value);
  const played = usePlayedTrace(view);
  useLiveTrace(view.reference);
  const run = played.shown?.run ?? null;
  return (
    <>
      <TraceHeader view={view} answer={played.shown} actions={run === null ? null : renderActions?.(run)} />
      <TraceContent view={view} played={played} />
    </>
  );
}

function TraceContent({ view, played }: { view: TraceViewState; played: PlayedTrace }) {
  const t = useTranslations("trace");
  const { query, shown } = played;
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
      {query.data.trace.events.length === 0 ? (
        <NoTrace />
      ) : (
        <TraceBody
          view={view}
          whole={query.data}
          shown={shown ?? query.data}
          isCatchingUp={played.isCatchingUp}
        />
      )}
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
