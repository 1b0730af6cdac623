"use client";

import {
  Bell,
  BellRing,
  CircleAlert,
  CircleCheck,
  Clock,
  Eye,
  Info,
  type LucideIcon,
  OctagonAlert,
  Waves,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
import { StateBadge, type StateLook } from "#components/ui/state-badge.tsx";
import type { AlertSeverity, AlertState, NoticeStatus } from "#server/domain/alerts/alert.ts";

const STATES: Record<AlertState, StateLook> = {
  pending: { icon: Clock, tone: "neutral" },
  firing: { icon: BellRing, tone: "danger" },
  acknowledged: { icon: Eye, tone: "info" },
  flapping: { icon: Waves, tone: "warn" },
  resolved: { icon: CircleCheck, tone: "ok" },
};

const SEVERITIES: Record<AlertSeverity, { icon: LucideIcon; ink: string }> = {
  critical: { icon: OctagonAlert, ink: "text-danger-ink" },
  warning: { icon: CircleAlert, ink: "text-warn-ink" },
  info: { icon: Info, ink: "text-info-ink" },
};

const NOTICES: Record<NoticeStatus, StateLook["tone"]> = {
  waiting: "neutral",
  sent: "ok",
  retrying: "warn",
  failed: "danger",
  muted: "neutral",
};

export function AlertStateBadge({ state }: { state: AlertState }) {
  const t = useTranslations("alerts");
  return <StateBadge look={STATES[state]} label={t(`states.${state}`)} hint={t(`stateHints.${state}`)} />;
}

/** How bad it is, as a sign with its word for those who don't see it. */
export function SeverityIcon({ severity }: { severity: AlertSeverity }) {
  const t = useTranslations("alerts.severities");
  const { icon: Icon, ink } = SEVERITIES[severity];
  return (
    <span title={t(severity)} className="inline-flex shrink-0">
      <Icon aria-hidden className={`size-4 ${ink}`} />
      <span className="sr-only">{t(severity)}</span>
    </span>
  );
}

export function NoticeBadge({ status }: { status: NoticeStatus }) {
  const t = useTranslations("alerts.notices.statuses");
  return <Badge tone={NOTICES[status]}>{t(status)}</Badge>;
}

export const NO_ALERTS_ICON = <Bell />;
