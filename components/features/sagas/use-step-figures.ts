"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import type { MapStepDto } from "./map-graph.ts";

type Durations = { medianUs: number | null; p95Us: number | null };

/** Writes how long something takes: a median and what 95 of 100 stay below. */
export function useDurationWords(): (durations: Durations) => string {
  const t = useTranslations("sagas.map");
  const format = useFormat();
  const write = (us: number | null) => (us === null ? "–" : format.duration(us / 1000));
  return ({ medianUs, p95Us }) =>
    medianUs === null ? t("notMeasured") : t("durations", { median: write(medianUs), p95: write(p95Us) });
}

/** Writes how many took a step, and how long it took them. */
export function useStepFigures(): (step: MapStepDto) => string {
  const format = useFormat();
  const durations = useDurationWords();
  return (step) => `${format.compact(step.flows)} · ${durations(step)}`;
}
