"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import type { EventList } from "./use-event-list.ts";

/** After the last row: how far back the search has come, and whether it goes on. */
export function ListEnd({ list }: { list: EventList }) {
  const t = useTranslations("events.end");
  const { status } = list;
  if (status.isFetchNextPageError) {
    return (
      <ErrorNotice
        title={t("failed")}
        error={status.error}
        onRetry={list.fetchNext}
        isRetrying={status.isFetchingNextPage}
      />
    );
  }
  return (
    <div className="sticky left-0 flex min-h-9 w-fit flex-wrap items-center gap-2 px-3 py-1.5 text-ink-muted text-xs md:px-4">
      <SearchedWords list={list} />
    </div>
  );
}

/** How far back was searched, in words, with the button to go on where a person has to decide. */
export function SearchedWords({ list }: { list: EventList }) {
  const t = useTranslations("events.end");
  const format = useFormat();
  const { searchedFrom, isComplete } = list.progress;
  const from = searchedFrom === null ? null : format.dateTime(searchedFrom);
  if (isComplete) return <span>{from === null ? t("all") : t("allSince", { time: from })}</span>;
  return (
    <>
      {list.status.isFetchingNextPage ? <Spinner /> : null}
      <span role="status">{from === null ? t("searching") : t("lookedBack", { time: from })}</span>
      {list.isPaused ? (
        <Button size="sm" onClick={list.goOn}>
          {t("continue")}
        </Button>
      ) : null}
    </>
  );
}
