"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { NodeIcon } from "#components/lib/node-kinds.tsx";
import { consumerHref, letterHref } from "#components/shell/destinations.ts";
import { Badge } from "#components/ui/badge.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { useNow } from "#components/ui/use-now.ts";
import type { DeliveryDto } from "#server/contract/deliveries.ts";
import { AttemptList } from "./attempt-list.tsx";
import { DeliveryStatusBadge } from "./delivery-look.tsx";

type DeliveryItemProps = { delivery: DeliveryDto; position: string; recordedAt: string };

/** One event's way to one consumer: where it stands, and every attempt. */
export function DeliveryItem({ delivery, position, recordedAt }: DeliveryItemProps) {
  const t = useTranslations("deliveries");
  const { consumer, attempts } = delivery;
  return (
    <li className="flex flex-col gap-1 border-line border-b px-3 py-2.5 md:px-4">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <NodeIcon kind="consumer" />
        {consumer === null ? (
          <span className="text-sm">{t("oneOf", { consumers: delivery.competing.join(", ") })}</span>
        ) : (
          <Link href={consumerHref(consumer)} className="font-medium text-sm hover:underline">
            {consumer}
          </Link>
        )}
        <DeliveryStatusBadge status={delivery.status} />
        {delivery.status === "dead" && consumer !== null ? (
          <Link href={letterHref({ position, consumer })} className="text-accent text-xs hover:underline">
            {t("toLetter")}
          </Link>
        ) : null}
        {delivery.channel === null ? null : (
          <span className="inline-flex items-center gap-1 font-mono text-ink-muted text-xs">
            <NodeIcon kind="channel" />
            {delivery.channel}
          </span>
        )}
        {delivery.isEnded ? <Badge>{t("ended")}</Badge> : null}
        <span className="ml-auto text-ink-faint text-xs">{t("attempts", { count: attempts.length })}</span>
      </div>
      <Standing delivery={delivery} recordedAt={recordedAt} />
      {attempts.length === 0 ? null : <AttemptList attempts={attempts} />}
      {delivery.duplicates === 0 ? null : (
        <p className="text-ink-faint text-xs">{t("duplicates", { count: delivery.duplicates })}</p>
      )}
    </li>
  );
}

/** What is still to come, and since when it is waited for. Nothing for what is settled. */
function Standing({ delivery, recordedAt }: Omit<DeliveryItemProps, "position">) {
  const t = useTranslations("deliveries");
  const format = useFormat();
  const now = useNow();
  const since = (at: string) => ({ time: format.dateTime(at), ago: format.relative(at, now) });
  const words = () => {
    switch (delivery.status) {
      case "pending":
        return delivery.generation === 0 ? t("pendingSince", since(recordedAt)) : t("pendingAgain");
      case "processing": {
        const startedAt = delivery.attempts.findLast(({ outcome }) => outcome === "running")?.startedAt;
        return startedAt ? t("processingSince", since(startedAt)) : t("processing");
      }
      case "retrying": {
        const inMs = delivery.nextAttemptAt === null ? 0 : Date.parse(delivery.nextAttemptAt) - now;
        return inMs > 0
          ? t("nextAttempt", { duration: format.duration(Math.ceil(inMs / 1000) * 1000) })
          : t("nextAttemptDue");
      }
      case "succeeded":
      case "dead":
      case "discarded":
        return null;
    }
  };
  const text = words();
  if (text === null) return null;
  return (
    <p suppressHydrationWarning className="text-ink-muted text-xs">
      {text}
    </p>
  );
}
