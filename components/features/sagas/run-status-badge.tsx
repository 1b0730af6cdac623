"use client";

import { useTranslations } from "next-intl";
import { Badge, type Tone } from "#components/ui/badge.tsx";
import type { ProcessRunDto } from "#server/contract/processes.ts";

const TONES: Record<ProcessRunDto["status"], Tone> = {
  running: "accent",
  compensating: "warn",
  completed: "ok",
  compensated: "neutral",
  failed: "danger",
  cancelled: "neutral",
};

/** How a run of a process stands, in a word. */
export function RunStatusBadge({ status }: Pick<ProcessRunDto, "status">) {
  const t = useTranslations("runActions.statuses");
  return <Badge tone={TONES[status]}>{t(status)}</Badge>;
}
