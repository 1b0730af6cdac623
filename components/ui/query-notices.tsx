"use client";

import { useState } from "react";
import { ErrorNotice } from "./error-notice.tsx";
import { TableSkeleton } from "./skeleton.tsx";
import { StaleBanner } from "./stale-banner.tsx";
import { useLasting } from "./use-lasting.ts";

/** Somebody who watches figures has to know that they stand still long before a read is given up. */
const SLOW_MS = 3_000;

type QueryNoticesProps = {
  query: {
    isPending: boolean;
    isLoadingError: boolean;
    isRefetchError: boolean;
    isFetching: boolean;
    error: Error | null;
    dataUpdatedAt: number;
  };
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
  const [failure, setFailure] = useState<Error | null>(null);
  const isSlow = useLasting(query.isFetching && query.dataUpdatedAt > 0, SLOW_MS);
  const error = query.isLoadingError ? query.error : null;
  const latest = query.isPending ? failure : error;
  if (latest !== failure) setFailure(latest);
  if (latest !== null) {
    return <ErrorNotice title={failed} error={latest} onRetry={onRetry} isRetrying={query.isFetching} />;
  }
  if (query.isPending) return <TableSkeleton rows={rows} label={loading} />;
  if (!query.isRefetchError) return isSlow ? <StaleBanner since={query.dataUpdatedAt} isAwaited /> : null;
  return <StaleBanner since={query.dataUpdatedAt} onRetry={onRetry} isRetrying={query.isFetching} />;
}
