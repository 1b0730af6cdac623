"use client";

import { CircleCheck, CirclePause, CircleSlash, ClipboardList, OctagonX, Play } from "lucide-react";
import { useTranslations } from "next-intl";
import { StateBadge, type StateLook } from "#components/ui/state-badge.tsx";
import type { ReplayStatus } from "#server/domain/replays/replay-run.ts";

const LOOKS: Record<ReplayStatus, StateLook> = {
  planned: { icon: ClipboardList, tone: "neutral" },
  running: { icon: Play, tone: "accent" },
  paused: { icon: CirclePause, tone: "warn" },
  finished: { icon: CircleCheck, tone: "ok" },
  cancelled: { icon: CircleSlash, tone: "neutral" },
  stopped: { icon: OctagonX, tone: "danger" },
};

/** The status of a replay as a word with an icon. That it finished says nothing of how its items ended. */
export function ReplayStatusBadge({ status }: { status: ReplayStatus }) {
  const t = useTranslations("replays");
  return (
    <StateBadge look={LOOKS[status]} label={t(`statuses.${status}`)} hint={t(`statusHints.${status}`)} />
  );
}
