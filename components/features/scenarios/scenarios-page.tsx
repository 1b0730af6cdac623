"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { SCENARIO_NAMES, type ScenarioName } from "#server/contract/scenarios.ts";
import { Glossary } from "./glossary.tsx";
import { OrderComparison } from "./order-comparison.tsx";
import { ScenarioPanel } from "./scenario-panel.tsx";
import { scenarioQueries } from "./scenario-queries.ts";
import { SystemList, SystemSelect } from "./system-list.tsx";

const shownView = parseAsStringLiteral(["system", "comparison"]).withDefault("system");
const shown = parseAsStringLiteral(SCENARIO_NAMES).withDefault("orders-broker");

/** The sample systems, one at a time, and the words that they teach. */
export function ScenariosPage() {
  const t = useTranslations("scenarios");
  const client = useQueryClient();
  const [name, setName] = useQueryState("scenario", shown);
  const [view, setView] = useQueryState("view", shownView);
  const list = useQuery(scenarioQueries.list());
  const refresh = () => client.invalidateQueries({ queryKey: scenarioQueries.all() });
  useLiveTopic("scenarios", refresh);
  const scenarios = list.data?.scenarios ?? [];
  const scenario = scenarios.find((one) => one.name === name);
  const choice = {
    scenarios,
    value: name,
    onValueChange: (next: ScenarioName) => {
      void setName(next);
      void setView("system");
    },
  };
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={scenarios.length === 0 ? undefined : <SystemSelect {...choice} />}
      />
      <QueryNotices query={list} rows={4} loading={t("loading")} failed={t("loadFailed")} onRetry={refresh} />
      {scenario === undefined ? null : (
        <div className="flex min-h-0 flex-1">
          <SystemList {...choice} />
          <div className="min-w-0 flex-1 overflow-y-auto bg-surface">
            {view === "comparison" ? (
              <OrderComparison back={name} />
            ) : (
              <ScenarioPanel key={scenario.name} scenario={scenario} />
            )}
            <Glossary />
          </div>
        </div>
      )}
    </>
  );
}
