"use client";

import { useTranslations } from "next-intl";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
import { useLasting } from "#components/ui/use-lasting.ts";

/** A range that moves is another question every few seconds, and mostly answered by then. */
const SLOW_MS = 4_000;

type MovingQuery = {
  isPlaceholderData: boolean;
  isRefetchError: boolean;
  isFetching: boolean;
  refetch: () => unknown;
};

type ChartNoticesProps = {
  query: MovingQuery & { isPending: boolean; isLoadingError: boolean; error: Error | null };
  /** Until when what is shown goes; undefined where nothing is. */
  shownTo: string | undefined;
  name: string;
  height: number;
};

/** What stands in place of a chart: that it loads, or why it could not be loaded. Over one that got old: that it did. */
export function ChartNotices({ query, shownTo, name, height }: ChartNoticesProps) {
  const t = useTranslations("metrics");
  if (query.isPending) {
    return (
      <div role="status" aria-label={t("loading", { name })} className="px-3" style={{ height }}>
        <Skeleton className="h-full w-full" />
      </div>
    );
  }
  if (query.isLoadingError && query.error !== null)
    return <ErrorNotice title={t("loadFailed", { name })} error={query.error} onRetry={query.refetch} />;
  return <AgeNote query={query} shownTo={shownTo} />;
}

/** Says how old figures are that another question was answered with, when this one gets no answer. */
export function AgeNote({ query, shownTo }: { query: MovingQuery; shownTo: string | undefined }) {
  const isLate = useLasting(query.isPlaceholderData, SLOW_MS);
  if (shownTo === undefined || !(isLate || query.isRefetchError)) return null;
  return (
    <StaleBanner since={Date.parse(shownTo)} isAwaited={!query.isRefetchError} onRetry={query.refetch} />
  );
}
