"use client";

import { useTranslations } from "next-intl";
import { ToggleGroup as Radix } from "radix-ui";
import { useId } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Select } from "#components/ui/select.tsx";
import { SCENARIO_NAMES, type ScenarioDto, type ScenarioName } from "#server/contract/scenarios.ts";

type SystemChoiceProps = {
  scenarios: readonly ScenarioDto[];
  value: ScenarioName;
  onValueChange: (name: ScenarioName) => void;
};

/** Every sample system with what it shows, one below the other, where there is room beside the one that is chosen. */
export function SystemList({ scenarios, value, onValueChange }: SystemChoiceProps) {
  const t = useTranslations("scenarios");
  const id = useId();
  const pick = (picked: string) => {
    const name = SCENARIO_NAMES.find((one) => one === picked);
    if (name !== undefined) onValueChange(name);
  };
  return (
    <Radix.Root
      type="single"
      orientation="vertical"
      aria-label={t("choose")}
      value={value}
      onValueChange={pick}
      className="flex w-64 shrink-0 flex-col gap-0.5 overflow-y-auto border-line border-r bg-surface p-2 max-lg:hidden"
    >
      {scenarios.map(({ name, runningSince }) => (
        <Radix.Item
          key={name}
          value={name}
          aria-labelledby={`${id}-${name}`}
          aria-describedby={`${id}-${name}-shows`}
          className="flex flex-col gap-0.5 rounded-md border border-transparent px-2 py-1.5 text-left hover:bg-hover data-[state=on]:border-line-strong data-[state=on]:bg-selected"
        >
          <span className="flex w-full items-center justify-between gap-2">
            <span id={`${id}-${name}`} className="font-medium text-sm">
              {t(`systems.${name}.short`)}
            </span>
            {runningSince === null ? null : <Badge tone="ok">{t("states.on")}</Badge>}
          </span>
          <span id={`${id}-${name}-shows`} className="text-ink-muted text-xs">
            {t(`systems.${name}.shows`)}
          </span>
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}

/** The same in one line, where there is no room for the list. */
export function SystemSelect({ scenarios, value, onValueChange }: SystemChoiceProps) {
  const t = useTranslations("scenarios");
  return (
    <div className="w-full lg:hidden">
      <Select
        label={t("choose")}
        value={value}
        onValueChange={onValueChange}
        options={scenarios.map(({ name, runningSince }) => ({
          value: name,
          label: (
            <span className="inline-flex items-center gap-2">
              {t(`systems.${name}.short`)}
              {runningSince === null ? null : <Badge tone="ok">{t("states.on")}</Badge>}
            </span>
          ),
        }))}
      />
    </div>
  );
}
