"use client";

import { Archive, CircleCheck, Clock, type LucideIcon, MailWarning, RotateCw, Truck } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge, type Tone } from "#components/ui/badge.tsx";
import type { DeliveryStatus } from "#server/domain/delivery.ts";

const LOOKS: Record<DeliveryStatus, { icon: LucideIcon; tone: Tone }> = {
  pending: { icon: Clock, tone: "neutral" },
  processing: { icon: Truck, tone: "info" },
  succeeded: { icon: CircleCheck, tone: "ok" },
  retrying: { icon: RotateCw, tone: "warn" },
  dead: { icon: MailWarning, tone: "danger" },
  discarded: { icon: Archive, tone: "neutral" },
};

/** The status of a delivery as a word with an icon. */
export function DeliveryStatusBadge({ status }: { status: DeliveryStatus }) {
  const t = useTranslations("deliveries.statuses");
  const { icon: Icon, tone } = LOOKS[status];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden className="size-3" />}>
      {t(status)}
    </Badge>
  );
}
