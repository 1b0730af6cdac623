"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { NoticeDto } from "#server/contract/alert-destinations.ts";
import { NoticeBadge } from "./alert-look.tsx";
import { alertQueries, useRetryNotice } from "./alert-queries.ts";
import { useFailureWords } from "./use-failure-words.ts";

/** Messages about alerts with what became of each, newest first. */
export function NoticeList({ of }: { of: { alert?: string; destination?: number } }) {
  const t = useTranslations("alerts.notices");
  const list = useInfiniteQuery(alertQueries.notices(of));
  const retry = useRetryNotice();
  if (list.isLoadingError) {
    return <ErrorNotice title={t("loadFailed")} error={list.error} onRetry={list.refetch} />;
  }
  const notices = list.data?.pages.flatMap((page) => page.notices) ?? [];
  if (list.data !== undefined && notices.length === 0)
    return <p className="text-ink-muted text-sm">{t("none")}</p>;
  return (
    <div className="flex flex-col gap-2">
      {retry.isError ? <ErrorNotice title={t("retryFailed")} error={retry.error} /> : null}
      <ul className="divide-y divide-line rounded-md border border-line">
        {notices.map((notice) => (
          <Notice key={notice.id} notice={notice} onRetry={() => retry.mutate(notice.id)} />
        ))}
      </ul>
      {list.hasNextPage ? (
        <Button isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("more")}
        </Button>
      ) : null}
    </div>
  );
}

function Notice({ notice, onRetry }: { notice: NoticeDto; onRetry: () => void }) {
  const t = useTranslations("alerts.notices");
  const format = useFormat();
  const { alert, kind, destination, status, createdAt, nextAttemptAt, attempts } = notice;
  const failures = useFailureWords();
  const last = attempts.at(-1);
  const lastFailure = last === undefined ? null : failures.short(last);
  return (
    <li className="flex flex-col gap-1 px-3 py-2 text-sm">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <NoticeBadge status={status} />
        <span className="min-w-0 break-words">
          {t(`kinds.${kind}`, { name: alert?.name ?? "", destination: destination.name })}
        </span>
        <span className="flex-1" />
        <span title={format.dateTime(createdAt)} className="text-ink-faint text-xs tabular-nums">
          {format.second(createdAt)}
        </span>
        {status === "failed" || status === "retrying" ? (
          <Button size="sm" onClick={onRetry}>
            {t("retry")}
          </Button>
        ) : null}
      </div>
      {last === undefined ? null : (
        <details className="text-ink-muted text-xs">
          <summary className="cursor-pointer">
            {t("attempts", { count: attempts.length })}
            {lastFailure === null ? "" : ` · ${lastFailure}`}
            {nextAttemptAt === null ? "" : ` · ${t("next", { time: format.clock(nextAttemptAt) })}`}
          </summary>
          <ol className="flex flex-col gap-0.5 pt-1 pl-4">
            {attempts.map((attempt) => (
              <li key={attempt.at} className="break-words">
                {[
                  format.dateTime(attempt.at),
                  format.duration(attempt.durationMs),
                  attempt.code,
                  failures.whole(attempt),
                ]
                  .filter((part) => part !== null)
                  .join(" · ")}
              </li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}
