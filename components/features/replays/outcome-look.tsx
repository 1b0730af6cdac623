"use client";

import {
  Ban,
  CheckCheck,
  CircleCheck,
  CircleHelp,
  CircleX,
  Clock,
  Hourglass,
  type LucideIcon,
  Send,
  TriangleAlert,
} from "lucide-react";
import { useTranslations } from "next-intl";
import type { Tone } from "#components/ui/badge.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import type { ItemStand, ReplayPart } from "./item-stand.ts";

type Look = { icon: LucideIcon; tone: Tone; bar: string };

/** How an item, and a part of a replay, looks. Words and icons say it too. */
export const STAND_LOOKS: Record<ItemStand | ReplayPart, Look> = {
  succeeded: { icon: CircleCheck, tone: "ok", bar: "bg-ok" },
  "skipped-handled": { icon: CheckCheck, tone: "info", bar: "bg-info" },
  "failed-same": { icon: CircleX, tone: "danger", bar: "bg-danger" },
  "failed-new": { icon: TriangleAlert, tone: "warn", bar: "bg-warn" },
  unknown: { icon: CircleHelp, tone: "neutral", bar: "bg-ink-faint" },
  "in-flight": { icon: Send, tone: "accent", bar: "bg-accent animate-breathe" },
  held: { icon: Hourglass, tone: "neutral", bar: "bg-pressed" },
  "held-back": { icon: Ban, tone: "neutral", bar: "bg-control" },
  waiting: { icon: Clock, tone: "neutral", bar: "bg-pressed" },
};

/** Where an item stands as a word with an icon. */
export function StandBadge({ stand }: { stand: ItemStand }) {
  const t = useTranslations("replays");
  return (
    <StateBadge look={STAND_LOOKS[stand]} label={t(`stands.${stand}`)} hint={t(`standHints.${stand}`)} />
  );
}
