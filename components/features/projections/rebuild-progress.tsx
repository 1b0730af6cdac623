"use client";

import { useTranslations } from "next-intl";
import type { ProjectionDto } from "#server/contract/projections.ts";
import { ProjectionFailure } from "./projection-failure.tsx";

type RebuildProgressProps = { rebuild: NonNullable<ProjectionDto["rebuild"]>; isPaused: boolean };

/** How far the new read model has come that is built beside the served one. */
export function RebuildProgress({ rebuild, isPaused }: RebuildProgressProps) {
  const t = useTranslations("projections");
  return (
    <div className="flex max-w-3xl flex-col gap-1.5">
      <p className="flex flex-wrap justify-between gap-x-4 text-ink-muted text-xs">
        <span>{isPaused ? t("rebuildPaused") : t("rebuilding")}</span>
        <span className="tabular-nums">
          {t("progress", { applied: rebuild.applied, expected: rebuild.expected })}
        </span>
      </p>
      <progress
        aria-label={t("rebuild")}
        max={Math.max(1, rebuild.expected)}
        value={rebuild.applied}
        className="h-1.5 w-full appearance-none overflow-hidden rounded-full bg-pressed [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-pressed [&::-webkit-progress-value]:bg-accent"
      />
      {rebuild.error === null ? null : <ProjectionFailure error={rebuild.error} title={t("rebuildFailed")} />}
    </div>
  );
}
