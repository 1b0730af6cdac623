"use client";

import { useQuery } from "@tanstack/react-query";
import { Send } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
import type { DeliveryListDto } from "#server/contract/deliveries.ts";
import type { EventDetailDto } from "#server/contract/events.ts";
import { isSettled } from "#server/domain/delivery.ts";
import { DeliveryItem } from "./delivery-item.tsx";
import { eventQueries } from "./event-queries.ts";
import { FreshnessNote } from "./freshness-note.tsx";

/** To whom an event is owed, how each delivery stands, and what is still under way. */
export function DeliveriesTab({ event }: { event: EventDetailDto }) {
  const t = useTranslations("deliveries");
  const list = useQuery(eventQueries.deliveries(event.position));

  if (list.isPending) return <TableSkeleton rows={4} label={t("loading")} />;
  if (list.isLoadingError) {
    return (
      <ErrorNotice
        title={t("loadFailed")}
        error={list.error}
        onRetry={list.refetch}
        isRetrying={list.isFetching}
      />
    );
  }
  const { deliveries, asOf } = list.data;
  if (deliveries.length === 0) {
    return (
      <EmptyState title={t("none")} icon={<Send />}>
        <p>{t("noneHint")}</p>
        <p className="my-2">
          <Link href="/consumers" className="text-accent hover:underline">
            {t("toConsumers")}
          </Link>
        </p>
        <FreshnessNote asOf={asOf} askedAt={list.dataUpdatedAt} />
      </EmptyState>
    );
  }
  return (
    <>
      {list.isRefetchError ? (
        <StaleBanner since={list.dataUpdatedAt} onRetry={list.refetch} isRetrying={list.isFetching} />
      ) : null}
      <Summary deliveries={deliveries} />
      <ul aria-label={t("label")}>
        {deliveries.map((delivery) => (
          <DeliveryItem
            key={delivery.consumer ?? delivery.channel}
            delivery={delivery}
            position={event.position}
            recordedAt={event.recordedAt}
          />
        ))}
      </ul>
    </>
  );
}

function Summary({ deliveries }: Pick<DeliveryListDto, "deliveries">) {
  const t = useTranslations("deliveries");
  const total = deliveries.length;
  const settled = deliveries.filter(({ status }) => isSettled(status)).length;
  return (
    <p role="status" className="border-line border-b px-3 py-2 text-ink-muted text-xs md:px-4">
      {settled === total ? t("allSettled", { count: total }) : t("settled", { settled, total })}
    </p>
  );
}
