import type { Tone } from "#components/ui/badge.tsx";
import type { StepState } from "#server/domain/sagas/trace.ts";

/** How the state of a step is underlined; its word says it. */
export const STEP_TONES: Record<StepState, Tone> = {
  planned: "neutral",
  waiting: "neutral",
  working: "info",
  retrying: "warn",
  completed: "ok",
  failed: "danger",
  dead: "danger",
  discarded: "neutral",
  skipped: "neutral",
};
