"use client";

import { Play, Square, Zap } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import type { ComparisonDto } from "#server/contract/scenario-comparison.ts";
import { useChangeComparison } from "./comparison-queries.ts";
import { storyUnderWay } from "./comparison-stories.ts";
import { RateSelect } from "./rate-select.tsx";
import { Remaining } from "./remaining.tsx";

/** Starts all compared systems at one rate, and lets the same go wrong in all of them. */
export function ComparisonControls({ comparison }: { comparison: ComparisonDto }) {
  const t = useTranslations("scenarios");
  const change = useChangeComparison();
  const { systems, maxRate, presets } = comparison;
  const running = systems.filter(({ runningSince }) => runningSince !== null);
  const isRunning = running.length === systems.length;
  const [chosen, setChosen] = useState<number | null>(null);
  const rate = chosen ?? running[0]?.rate ?? 1;
  const differs = isRunning && systems.some((system) => system.rate !== rate);
  return (
    <section className="flex flex-col gap-3" aria-label={t("comparison.controls")}>
      <div className="flex flex-wrap items-end gap-3">
        <RateSelect
          label={t("comparison.rate")}
          rate={rate}
          maxRate={maxRate}
          onChange={(next) => {
            setChosen(next);
            if (isRunning) change.mutate({ kind: "start", rate: next });
          }}
        />
        {isRunning && !differs ? null : (
          <Button
            variant="primary"
            isBusy={change.isPending && change.variables.kind === "start"}
            icon={<Play aria-hidden className="size-3.5" />}
            onClick={() => change.mutate({ kind: "start", rate })}
          >
            {t("comparison.start")}
          </Button>
        )}
        {running.length === 0 ? null : (
          <Button
            isBusy={change.isPending && change.variables.kind === "stop"}
            icon={<Square aria-hidden className="size-3.5" />}
            onClick={() => change.mutate({ kind: "stop" })}
          >
            {t("comparison.stop")}
          </Button>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-ink-muted text-xs">
          {t(isRunning ? "comparison.disturb" : "comparison.startFirst")}
        </span>
        {presets.map(({ name }) => {
          const story = storyUnderWay(comparison, name);
          const title = t(`presets.${name}.title`);
          const isBusy = change.isPending && "preset" in change.variables && change.variables.preset === name;
          return (
            <span key={name} className="inline-flex items-center gap-1.5">
              <Button
                disabled={!isRunning}
                isBusy={isBusy}
                icon={<Zap aria-hidden className="size-3.5" />}
                onClick={() => change.mutate({ kind: story === null ? "play" : "end", preset: name })}
              >
                {story === null ? title : t("comparison.end", { title })}
              </Button>
              {story?.to == null ? null : (
                <Badge tone="danger">
                  <Remaining endsAt={story.to} />
                </Badge>
              )}
            </span>
          );
        })}
      </div>
      {change.isError ? <ErrorNotice title={t("changeFailed")} error={change.error} /> : null}
    </section>
  );
}
