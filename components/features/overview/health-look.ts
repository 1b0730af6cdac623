import { CircleAlert, CircleCheck, CircleDashed, CircleX } from "lucide-react";
import type { StateLook } from "#components/ui/state-badge.tsx";
import type { Health } from "#server/domain/overview/health.ts";

/** How a health looks: a sign as well as a colour. */
export const HEALTH_LOOKS: Record<Health, StateLook & { colour: string; ink: string }> = {
  unknown: { icon: CircleDashed, tone: "neutral", colour: "var(--control)", ink: "text-ink-faint" },
  ok: { icon: CircleCheck, tone: "ok", colour: "var(--ok)", ink: "text-ok-ink" },
  degraded: { icon: CircleAlert, tone: "warn", colour: "var(--warn)", ink: "text-warn-ink" },
  failing: { icon: CircleX, tone: "danger", colour: "var(--danger)", ink: "text-danger-ink" },
};
