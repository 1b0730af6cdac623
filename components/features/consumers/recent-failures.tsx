"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { AttemptList } from "#components/event-detail/attempt-list.tsx";
import { DeliveryStatusBadge } from "#components/event-detail/delivery-look.tsx";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { eventHref } from "#components/shell/destinations.ts";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { consumerQueries } from "./consumer-queries.ts";

/** What a consumer failed at and has not handled since, with the latest attempt of each. */
export function RecentFailures({ consumer }: { consumer: string }) {
  const t = useTranslations("consumers.failures");
  const list = useQuery(consumerQueries.failures(consumer));
  if (list.isPending) {
    return (
      <div role="status" aria-busy aria-label={t("loading")}>
        <Skeleton className="w-2/3" />
      </div>
    );
  }
  if (list.isLoadingError) {
    return <ErrorNotice title={t("loadFailed")} error={list.error} onRetry={list.refetch} />;
  }
  const { failures, capped } = list.data;
  if (failures.length === 0) return <p className="text-ink-muted text-sm">{t("none")}</p>;
  return (
    <>
      <ul className="flex flex-col gap-2">
        {failures.map((failure) => (
          <li key={failure.position} className="min-w-0">
            <div className="flex min-w-0 items-center gap-2">
              <Link href={eventHref(failure.position)} prefetch={false} className="min-w-0 hover:underline">
                <TypeName type={failure.type} className="text-xs" />
              </Link>
              <DeliveryStatusBadge status={failure.status} />
            </div>
            {failure.lastAttempt === null ? null : <AttemptList attempts={[failure.lastAttempt]} />}
          </li>
        ))}
      </ul>
      {capped ? <p className="mt-2 text-ink-faint text-xs">{t("capped")}</p> : null}
    </>
  );
}
