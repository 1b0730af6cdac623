"use client";

import {
  CircleCheck,
  CircleX,
  Hourglass,
  type LucideIcon,
  OctagonAlert,
  Play,
  Undo2,
  UndoDot,
} from "lucide-react";
import { useTranslations } from "next-intl";
import type { Tone } from "#components/ui/badge.tsx";
import { StateBadge, type StateLook } from "#components/ui/state-badge.tsx";
import type { SagaState } from "#server/domain/sagas/saga.ts";

/** How each state of a saga looks everywhere. */
export const SAGA_LOOKS: Record<SagaState, StateLook & { icon: LucideIcon; tone: Tone }> = {
  running: { icon: Play, tone: "info" },
  waiting: { icon: Hourglass, tone: "neutral" },
  stuck: { icon: OctagonAlert, tone: "danger" },
  compensating: { icon: Undo2, tone: "warn" },
  completed: { icon: CircleCheck, tone: "ok" },
  compensated: { icon: UndoDot, tone: "warn" },
  failed: { icon: CircleX, tone: "danger" },
};

/** Where a saga stands. */
export function SagaStateBadge({ state }: { state: SagaState }) {
  const t = useTranslations("trace");
  return <StateBadge look={SAGA_LOOKS[state]} label={t(`states.${state}`)} hint={t(`stateHints.${state}`)} />;
}
