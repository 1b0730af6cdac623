"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { DeadLetterTabs } from "#components/shell/dead-letter-tabs.tsx";
import { replayHref } from "#components/shell/destinations.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import type { ReplayDto, ReplayListDto } from "#server/contract/replays.ts";
import { NoReplays } from "./no-replays.tsx";
import { OpenReplay } from "./open-replay.tsx";
import { useReplayColumns } from "./replay-columns.tsx";
import { replayQueries, useRefreshReplays } from "./replay-queries.ts";

const NONE: ReplayDto[] = [];
const NO_PAGES: ReplayListDto[] = [];
const idOf = ({ id }: ReplayDto) => String(id);

/** Every replay: those that are not over on top with their progress, then the others, newest first. */
export function ReplayList() {
  const t = useTranslations("replays");
  const room = useTranslations("shell.rooms.deadLetters");
  const router = useRouter();
  const [cursor, setCursor] = useState<string | null>(null);
  const columns = useReplayColumns();
  const current = useQuery(replayQueries.open());
  const list = useInfiniteQuery(replayQueries.ended());
  const refresh = useRefreshReplays();
  useLiveTopic("replays", refresh);
  useShortcuts([{ keys: "r", label: t("refresh"), group: "page", run: () => void refresh() }]);

  const { kept, past } = useKept(current.data?.replays, list.data?.pages);
  const fetchNext = () => {
    if (list.hasNextPage && !list.isFetching) void list.fetchNextPage();
  };
  return (
    <>
      <PageHeader
        title={room("title")}
        actions={
          <IconButton
            label={t("refresh")}
            keys="r"
            icon={<RefreshCw aria-hidden className="size-4" />}
            className="max-md:hidden"
            onClick={() => void refresh()}
          />
        }
      >
        <DeadLetterTabs />
      </PageHeader>
      <QueryNotices
        query={current.isLoadingError ? current : list}
        loading={t("loading")}
        failed={t("loadFailed")}
        onRetry={refresh}
      />
      {list.data !== undefined && current.data !== undefined && kept.length + past.length === 0 ? (
        <NoReplays />
      ) : null}
      {kept.length === 0 ? null : (
        <section
          aria-labelledby="open-replays"
          className="max-h-[50vh] shrink-0 overflow-y-auto border-line border-b bg-surface"
        >
          <h2 id="open-replays" className="px-3 pt-3 pb-1 font-medium text-sm md:px-4">
            {t("open")}
          </h2>
          <ul aria-labelledby="open-replays" className="flex flex-col">
            {kept.map((replay) => (
              <OpenReplay key={replay.id} replay={replay} />
            ))}
          </ul>
        </section>
      )}
      {past.length === 0 ? null : (
        <DataTable
          label={t("title")}
          columns={columns}
          rows={past}
          getRowId={idOf}
          activeId={cursor}
          onActiveChange={setCursor}
          onOpen={({ id }) => router.push(replayHref(id))}
          onEndReached={fetchNext}
          isBusy={list.isFetching}
          className="bg-surface"
          footer={
            <p className="px-3 py-2 text-ink-muted text-xs md:px-4">{t(list.hasNextPage ? "more" : "all")}</p>
          }
        />
      )}
    </>
  );
}

/** The replays that are not over, and the others. One that ends stays where it is for as long as the page is open. */
function useKept(open: readonly ReplayDto[] = NONE, pages: readonly ReplayListDto[] = NO_PAGES) {
  const [keptIds, setKeptIds] = useState<readonly number[]>([]);
  const added = open.filter(({ id }) => !keptIds.includes(id));
  if (added.length > 0) setKeptIds([...keptIds, ...added.map(({ id }) => id)]);
  return useMemo(() => {
    const ended = pages.flatMap(({ replays }) => replays);
    const isOpen = new Set(open.map(({ id }) => id));
    return {
      kept: [...open, ...ended.filter(({ id }) => keptIds.includes(id) && !isOpen.has(id))].toSorted(
        (one, other) => other.id - one.id,
      ),
      past: ended.filter(({ id }) => !keptIds.includes(id)),
    };
  }, [open, pages, keptIds]);
}
