"use client";

import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { parseAsInteger, useQueryState } from "nuqs";
import { ApiError } from "#components/lib/api-error.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { PagePath } from "#components/shell/page-path.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { hasProblems, StreamProblems } from "./stream-columns.tsx";
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
    { keys: "j", label: t("next"), group: "page", run: () => goTo(version + 1) },
    { keys: "k", label: t("previous"), group: "page", run: () => goTo(version - 1) },
  ]);

  const events = block.data?.events ?? [];
  const current = events.filter((event) => event.version === version);
  const before = events.findLast((event) => event.version < version) ?? null;
  if (isNotFound(first.error)) return <StreamNotFound type={type} id={id} />;
  return (
    <>
      <PageHeader
        title={
          <PagePath parentHref="/streams" parent={t("title")}>
            <span className="whitespace-nowrap">{type}</span>
            <span title={id} className="min-w-0 truncate font-mono font-normal text-sm">
              {id}
            </span>
          </PagePath>
        }
        meta={
          <span className="flex items-center gap-2">
            <CopyButton text={id} label={t("copyId")} />
            <span className="flex max-sm:hidden">
              {stream === null ? null : <StreamProblems stream={stream} />}
            </span>
          </span>
        }
      >
        {stream !== null && hasProblems(stream) ? (
          <div className="px-3 pb-2 sm:hidden">
            <StreamProblems stream={stream} />
          </div>
        ) : null}
      </PageHeader>
      <QueryNotices
        query={stream === null ? first : block}
        rows={6}
        loading={t("loading")}
        failed={t("loadOneFailed")}
        onRetry={stream === null ? first.refetch : block.refetch}
      />
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

function isNotFound(error: Error | null): boolean {
  return error instanceof ApiError && error.status === 404;
}

function StreamNotFound({ type, id }: { type: string; id: string }) {
  const t = useTranslations("streams");
  return (
    <>
      <PageHeader title={t("title")} />
      <EmptyState
        title={t("notFound.title", { type, id })}
        icon={<SearchX />}
        actions={
          <Link href="/streams" className={buttonClasses("primary")}>
            {t("notFound.toAll")}
          </Link>
        }
      >
        {t("notFound.body")}
      </EmptyState>
    </>
  );
}
