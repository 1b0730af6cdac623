"use client";

import { CircleCheck, CircleX, Hourglass, type LucideIcon, Pause } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge, type Tone } from "#components/ui/badge.tsx";
import type { ProjectionDto } from "#server/contract/projections.ts";

/** A lag up to this is that of one batch. */
const BEHIND_SECONDS = 10;

type ProjectionState = "current" | "behind" | "failing" | "paused";

const LOOKS: Record<ProjectionState, { icon: LucideIcon; tone: Tone }> = {
  current: { icon: CircleCheck, tone: "ok" },
  behind: { icon: Hourglass, tone: "warn" },
  failing: { icon: CircleX, tone: "danger" },
  paused: { icon: Pause, tone: "neutral" },
};

/** How a projection is, as a word with an icon. */
export function ProjectionStateBadge({ projection }: { projection: ProjectionDto }) {
  const t = useTranslations("projections");
  const state = stateOf(projection);
  const { icon: Icon, tone } = LOOKS[state];
  return (
    <span title={t(`stateHints.${state}`)} className="inline-flex">
      <Badge tone={tone} icon={<Icon aria-hidden className="size-3" />}>
        {t(`states.${state}`)}
      </Badge>
    </span>
  );
}

function stateOf({ pausedAt, error, lag }: ProjectionDto): ProjectionState {
  if (pausedAt !== null) return "paused";
  if (error !== null) return "failing";
  return lag.seconds > BEHIND_SECONDS ? "behind" : "current";
}
