"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { lettersHref } from "#components/shell/destinations.ts";
import { Figure, FigureList } from "#components/ui/figure.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { SubscriptionStatusDto } from "#server/contract/subscriptions.ts";
import { useBoundedCount } from "./consumer-look.tsx";
import { failureRate } from "./consumer-state.ts";

/** What a consumer is owed right now, and how its last hour went. */
export function ConsumerFigures({ consumer }: { consumer: SubscriptionStatusDto }) {
  const t = useTranslations("consumers.figures");
  const format = useFormat();
  const bounded = useBoundedCount();
  const { backlog, oldestWaitingSeconds: oldest, attemptsLastHour, dead } = consumer;
  const rate = failureRate(attemptsLastHour);
  const failed = format.number(attemptsLastHour.failed);
  return (
    <FigureList>
      <Figure label={t("backlog")}>{backlog === null ? t("unknown") : bounded(backlog)}</Figure>
      <Figure label={t("oldestWaiting")}>
        {oldest === null ? "–" : format.duration(Math.ceil(oldest) * 1000)}
      </Figure>
      <Figure label={t("retrying")}>{bounded(consumer.retrying)}</Figure>
      <Figure label={t("dead")} isAlarming={dead.count > 0}>
        {dead.count === 0 ? (
          bounded(dead)
        ) : (
          <Link
            href={lettersHref({ status: ["parked"], consumer: [consumer.consumer] })}
            className="underline"
          >
            {bounded(dead)}
          </Link>
        )}
      </Figure>
      <Figure label={t("succeededLastHour")}>{format.number(attemptsLastHour.succeeded)}</Figure>
      <Figure label={t("failedLastHour")}>
        {rate === null ? failed : t("failedWithRate", { failed, rate: format.percent(rate) })}
      </Figure>
    </FigureList>
  );
}
