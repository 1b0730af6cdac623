"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import type { SubscriptionStatusDto } from "#server/contract/subscriptions.ts";
import { useBoundedCount } from "./consumer-look.tsx";
import { failureRate } from "./consumer-state.ts";

/** What a consumer is owed right now, and how its last hour went. */
export function ConsumerFigures({ consumer }: { consumer: SubscriptionStatusDto }) {
  const t = useTranslations("consumers.figures");
  const format = useFormat();
  const bounded = useBoundedCount();
  const { backlog, oldestWaitingSeconds: oldest, attemptsLastHour } = consumer;
  const rate = failureRate(consumer);
  const figures: [label: string, value: string][] = [
    [t("backlog"), backlog === null ? t("unknown") : bounded(backlog)],
    [t("oldestWaiting"), oldest === null ? "–" : format.duration(Math.round(oldest) * 1000)],
    [t("retrying"), bounded(consumer.retrying)],
    [t("dead"), bounded(consumer.dead)],
    [t("succeededLastHour"), format.number(attemptsLastHour.succeeded)],
    [
      t("failedLastHour"),
      rate === null
        ? format.number(attemptsLastHour.failed)
        : `${format.number(attemptsLastHour.failed)} (${format.percent(rate)})`,
    ],
  ];
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-2 @md:grid-cols-3">
      {figures.map(([label, value]) => (
        <div key={label} className="min-w-0">
          <dt className="truncate text-2xs text-ink-faint">{label}</dt>
          <dd className="font-medium text-base tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
