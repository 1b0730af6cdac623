"use client";

import { Play, Square, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ScenarioDto } from "#server/contract/scenarios.ts";
import { ComparisonLink } from "./comparison-link.tsx";
import { EffectLinks } from "./effect-links.tsx";
import { PresetList } from "./preset-list.tsx";
import { RateControl } from "./rate-control.tsx";
import { ReadModelPanel } from "./read-model-panel.tsx";
import { RemoveDataDialog } from "./remove-data-dialog.tsx";
import { useChangeScenario } from "./scenario-queries.ts";
import { ServiceList } from "./service-list.tsx";
import { ProcessDiagram, SystemDiagram } from "./system-diagram.tsx";

/** One sample system: what it is, how it is built, its switch, and what can be made to go wrong in it. */
export function ScenarioPanel({ scenario }: { scenario: ScenarioDto }) {
  const t = useTranslations("scenarios");
  const format = useFormat();
  const change = useChangeScenario(scenario.name);
  const [isRemoving, setIsRemoving] = useState(false);
  const { name, runningSince, produced, process, aggregateType } = scenario;
  const isRunning = runningSince !== null;
  return (
    <article aria-label={t(`systems.${name}.title`)} className="flex flex-col gap-5 px-3 py-4 md:px-4">
      <header className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="font-semibold text-lg">{t(`systems.${name}.title`)}</h2>
          <Badge tone={isRunning ? "ok" : "neutral"}>{t(isRunning ? "states.on" : "states.off")}</Badge>
          <ComparisonLink name={name} />
        </div>
        <p className="max-w-prose">{t(`systems.${name}.what`)}</p>
        <p className="max-w-prose text-ink-muted text-xs">{t(`systems.${name}.lesson`)}</p>
        <div className="flex flex-wrap items-end gap-3">
          <Button
            variant={isRunning ? "secondary" : "primary"}
            isBusy={change.isPending}
            icon={
              isRunning ? (
                <Square aria-hidden className="size-3.5" />
              ) : (
                <Play aria-hidden className="size-3.5" />
              )
            }
            onClick={() => change.mutate({ kind: isRunning ? "stop" : "start" })}
          >
            {t(isRunning ? "stop" : "start")}
          </Button>
          <RateControl scenario={scenario} />
          {isRunning || produced === 0 ? null : (
            <Button
              variant="ghost"
              icon={<Trash2 aria-hidden className="size-3.5" />}
              onClick={() => setIsRemoving(true)}
            >
              {t("remove.open")}
            </Button>
          )}
          <span className="pb-1 text-ink-muted text-xs" role="status">
            {t(`systems.${name}.produced`, { count: format.number(produced) })}
          </span>
        </div>
        {change.isError ? <ErrorNotice title={t("changeFailed")} error={change.error} /> : null}
      </header>
      {isRunning || produced > 0 ? <EffectLinks scenario={scenario} /> : null}
      {aggregateType === null ? null : <ReadModelPanel aggregateType={aggregateType} />}
      <section className="flex flex-col gap-2">
        <h3 className="font-medium">{t("diagram.title")}</h3>
        <SystemDiagram scenario={scenario} />
        {process === null ? null : (
          <>
            <p className="text-ink-muted text-xs">{t("diagram.processHint")}</p>
            <ProcessDiagram process={process} />
          </>
        )}
      </section>
      <PresetList scenario={scenario} />
      <ServiceList scenario={scenario} />
      {isRemoving ? <RemoveDataDialog name={name} onClose={() => setIsRemoving(false)} /> : null}
    </article>
  );
}
