"use client";

import { ErrorNotice } from "./error-notice.tsx";
import { TableSkeleton } from "./skeleton.tsx";
import { StaleBanner } from "./stale-banner.tsx";
import { type FailingQuery, useFailure } from "./use-failure.ts";
import { useLasting } from "./use-lasting.ts";

/** Somebody who watches figures has to know that they stand still long before a read is given up. */
const SLOW_MS = 3_000;

type QueryNoticesProps = {
  query: FailingQuery & { isRefetchError: boolean; isFetching: boolean; dataUpdatedAt: number };
  /** What is being loaded, for those who do not see the placeholder. */
  loading: string;
  /** What could not be done, when there is nothing to show. */
  failed: string;
  /** Rows of the placeholder. */
  rows?: number;
  onRetry: () => unknown;
};

/**
 * What stands above or in place of data: that it loads, that it could not be loaded, or how old it is. That it could not
 * be loaded stays while it is tried again, however often that is; how old data is stands above it when reading it anew
 * takes long, too.
 */
export function QueryNotices({ query, loading, failed, rows = 8, onRetry }: QueryNoticesProps) {
  const failure = useFailure(query);
  const isSlow = useLasting(query.isFetching && query.dataUpdatedAt > 0, SLOW_MS);
  if (failure !== null) {
    return <ErrorNotice title={failed} error={failure} onRetry={onRetry} isRetrying={query.isFetching} />;
  }
  if (query.isPending) return <TableSkeleton rows={rows} label={loading} />;
  if (!query.isRefetchError) return isSlow ? <StaleBanner since={query.dataUpdatedAt} isAwaited /> : null;
  return <StaleBanner since={query.dataUpdatedAt} onRetry={onRetry} isRetrying={query.isFetching} />;
}
