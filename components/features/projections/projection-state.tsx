"use client";

import { CircleCheck, CircleX, Hourglass, Pause } from "lucide-react";
import { useTranslations } from "next-intl";
import { StateBadge, type StateLook } from "#components/ui/state-badge.tsx";
import type { ProjectionDto } from "#server/contract/projections.ts";

/** A lag up to this is that of one batch. */
const BEHIND_SECONDS = 10;

type ProjectionState = "current" | "behind" | "failing" | "paused";

const LOOKS: Record<ProjectionState, StateLook> = {
  current: { icon: CircleCheck, tone: "ok" },
  behind: { icon: Hourglass, tone: "warn" },
  failing: { icon: CircleX, tone: "danger" },
  paused: { icon: Pause, tone: "neutral" },
};

/** How a projection is, as a word with an icon. */
export function ProjectionStateBadge({ projection }: { projection: ProjectionDto }) {
  const t = useTranslations("projections");
  const state = stateOf(projection);
  return <StateBadge look={LOOKS[state]} label={t(`states.${state}`)} hint={t(`stateHints.${state}`)} />;
}

function stateOf({ pausedAt, error, lag }: ProjectionDto): ProjectionState {
  if (pausedAt !== null) return "paused";
  if (error !== null) return "failing";
  return lag.seconds > BEHIND_SECONDS ? "behind" : "current";
}
