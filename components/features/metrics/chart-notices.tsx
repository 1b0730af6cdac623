"use client";

import { useTranslations } from "next-intl";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

type ChartNoticesProps = {
  query: { isPending: boolean; isLoadingError: boolean; error: Error | null; refetch: () => unknown };
  name: string;
  height: number;
};

/** What stands in place of a chart: that it loads, or why it could not be loaded. */
export function ChartNotices({ query, name, height }: ChartNoticesProps) {
  const t = useTranslations("metrics");
  if (query.isPending) {
    return (
      <div role="status" aria-label={t("loading", { name })} className="px-3" style={{ height }}>
        <Skeleton className="h-full w-full" />
      </div>
    );
  }
  if (!query.isLoadingError || query.error === null) return null;
  return <ErrorNotice title={t("loadFailed", { name })} error={query.error} onRetry={query.refetch} />;
}
