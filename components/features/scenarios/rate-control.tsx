"use client";

import { useTranslations } from "next-intl";
import { Field } from "#components/ui/field.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ScenarioDto } from "#server/contract/scenarios.ts";
import { useChangeScenario } from "./scenario-queries.ts";

const RATES = [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];

/** How many units come in, also while the system runs. */
export function RateControl({ scenario: { name, rate, maxRate } }: { scenario: ScenarioDto }) {
  const t = useTranslations("scenarios");
  const format = useFormat();
  const change = useChangeScenario(name);
  const rates = [...new Set([...RATES.filter((one) => one <= maxRate), rate])].toSorted((a, b) => a - b);
  return (
    <Field label={t(`systems.${name}.units`)}>
      {({ id }) => (
        <Select
          id={id}
          className="w-36"
          value={String(rate)}
          options={rates.map((one) => ({
            value: String(one),
            label: t("perSecond", { rate: format.number(one) }),
          }))}
          onValueChange={(value) => change.mutate({ kind: "rate", rate: Number(value) })}
        />
      )}
    </Field>
  );
}
