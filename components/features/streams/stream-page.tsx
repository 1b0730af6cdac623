"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { parseAsInteger, useQueryState } from "nuqs";
import { PageHeader } from "#components/shell/page-header.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
import { StreamProblems } from "./stream-columns.tsx";
import { blockOf, streamQueries } from "./stream-queries.ts";
import { VersionList } from "./version-list.tsx";
import { VersionSlider } from "./version-slider.tsx";
import { VersionView } from "./version-view.tsx";

/** One aggregate through time: its versions, its state at each of them, and what each changed. */
export function StreamPage({ type, id }: { type: string; id: string }) {
  const t = useTranslations("streams");
  const [wanted, setWanted] = useQueryState("version", parseAsInteger.withOptions({ history: "replace" }));
  // Without a version in the address the last one is looked at: which one that is stands in every block.
  const first = useQuery(streamQueries.block(type, id, blockOf(wanted ?? 1)));
  const stream = first.data?.stream ?? null;
  const lowest = Math.min(stream?.firstVersion ?? 1, 1);
  const highest = stream?.version ?? 1;
  const version = Math.min(Math.max(wanted ?? highest, lowest), highest);
  const block = useQuery({ ...streamQueries.block(type, id, blockOf(version)), enabled: stream !== null });
  const goTo = (next: number) => void setWanted(Math.min(Math.max(next, lowest), highest));
  useShortcuts([
    { keys: "[", label: t("previous"), group: "page", run: () => goTo(version - 1) },
    { keys: "]", label: t("next"), group: "page", run: () => goTo(version + 1) },
  ]);

  const events = block.data?.events ?? [];
  const current = events.filter((event) => event.version === version);
  const before = events.findLast((event) => event.version < version) ?? null;
  return (
    <>
      <PageHeader
        title={
          <span className="flex min-w-0 items-center gap-2">
            <Link
              href="/streams"
              className="font-normal text-ink-muted hover:text-ink hover:underline max-sm:hidden"
            >
              {t("title")}
            </Link>
            <span aria-hidden className="font-normal text-ink-faint max-sm:hidden">
              /
            </span>
            <span className="whitespace-nowrap">{type}</span>
            <span title={id} className="min-w-0 truncate font-mono font-normal text-sm">
              {id}
            </span>
          </span>
        }
        meta={
          <span className="flex items-center gap-2">
            <CopyButton text={id} label={t("copyId")} />
            {stream === null ? null : <StreamProblems stream={stream} />}
          </span>
        }
      />
      {block.isRefetchError ? (
        <StaleBanner since={block.dataUpdatedAt} onRetry={block.refetch} isRetrying={block.isFetching} />
      ) : null}
      {first.isPending ? <TableSkeleton rows={6} label={t("loading")} /> : null}
      {first.isLoadingError ? (
        <ErrorNotice
          title={t("loadOneFailed")}
          error={first.error}
          onRetry={first.refetch}
          isRetrying={first.isFetching}
        />
      ) : null}
      {stream === null ? null : (
        <>
          <VersionSlider version={version} lowest={lowest} highest={highest} onChange={goTo} />
          <div className="flex min-h-0 flex-1 max-md:flex-col max-md:overflow-y-auto">
            <VersionList
              events={events.filter((event) => blockOf(event.version) === blockOf(version))}
              problems={block.data?.problems ?? []}
              version={version}
              onSelect={goTo}
            />
            <VersionView
              type={type}
              id={id}
              version={version}
              isLoading={block.isPending || block.isPlaceholderData}
              events={current}
              before={before}
            />
          </div>
        </>
      )}
    </>
  );
}
