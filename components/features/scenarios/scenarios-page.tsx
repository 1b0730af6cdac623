"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { SCENARIO_NAMES } from "#server/contract/scenarios.ts";
import { Glossary } from "./glossary.tsx";
import { ScenarioPanel } from "./scenario-panel.tsx";
import { scenarioQueries } from "./scenario-queries.ts";

const shown = parseAsStringLiteral(SCENARIO_NAMES).withDefault("orders-broker");

/** The sample systems, one at a time, and the words that they teach. */
export function ScenariosPage() {
  const t = useTranslations("scenarios");
  const client = useQueryClient();
  const [name, setName] = useQueryState("scenario", shown);
  const list = useQuery(scenarioQueries.list());
  const refresh = () => client.invalidateQueries({ queryKey: scenarioQueries.all() });
  useLiveTopic("scenarios", refresh);
  const scenarios = list.data?.scenarios ?? [];
  const scenario = scenarios.find((one) => one.name === name);
  const isOn = (one: string) => scenarios.some((each) => each.name === one && each.runningSince !== null);
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          // More systems than a narrow screen has room for.
          <div className="max-w-full overflow-x-auto">
            <SegmentedControl
              label={t("choose")}
              value={name}
              onValueChange={(next) => void setName(next)}
              options={SCENARIO_NAMES.map((value) => ({
                value,
                label: (
                  <>
                    {isOn(value) ? (
                      <span aria-hidden className="size-1.5 rounded-full bg-ok motion-safe:animate-breathe" />
                    ) : null}
                    {t(`systems.${value}.short`)}
                    {isOn(value) ? <span className="sr-only">{t("states.on")}</span> : null}
                  </>
                ),
              }))}
            />
          </div>
        }
      />
      <QueryNotices query={list} rows={4} loading={t("loading")} failed={t("loadFailed")} onRetry={refresh} />
      {scenario === undefined ? null : (
        <div className="min-h-0 flex-1 overflow-y-auto bg-surface">
          <ScenarioPanel key={scenario.name} scenario={scenario} />
          <Glossary />
        </div>
      )}
    </>
  );
}
