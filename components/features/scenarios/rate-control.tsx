"use client";

import { useTranslations } from "next-intl";
import type { ScenarioDto } from "#server/contract/scenarios.ts";
import { RateSelect } from "./rate-select.tsx";
import { useChangeScenario } from "./scenario-queries.ts";

/** How many units come in, also while the system runs. */
export function RateControl({ scenario: { name, rate, maxRate } }: { scenario: ScenarioDto }) {
  const t = useTranslations("scenarios");
  const change = useChangeScenario(name);
  return (
    <RateSelect
      label={t(`systems.${name}.units`)}
      rate={rate}
      maxRate={maxRate}
      onChange={(next) => change.mutate({ kind: "rate", rate: next })}
    />
  );
}
