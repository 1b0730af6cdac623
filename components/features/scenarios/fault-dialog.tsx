"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Field } from "#components/ui/field.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ScenarioName, ScenarioServiceDto } from "#server/contract/scenarios.ts";
import { type FaultChoice, NO_FAULT } from "#server/domain/fault-injection.ts";
import { toFault } from "./fault-choice.ts";
import { useChangeScenario } from "./scenario-queries.ts";

const SECONDS = [30, 60, 300, null] as const;

type FaultDialogProps = { scenario: ScenarioName; service: ScenarioServiceDto; onClose: () => void };

/** Picks what goes wrong in one consumer, how much of it, and for how long. */
export function FaultDialog({ scenario, service, onClose }: FaultDialogProps) {
  const t = useTranslations("scenarios.faults");
  const tSystem = useTranslations(`scenarios.systems.${scenario}`);
  const format = useFormat();
  const change = useChangeScenario(scenario);
  const [choice, setChoice] = useState<FaultChoice>(service.faults[0] ?? "retryable");
  const [percent, setPercent] = useState(50);
  const [latencyMs, setLatencyMs] = useState(2_000);
  const [poisonKey, setPoisonKey] = useState("customer-7");
  const [seconds, setSeconds] = useState<(typeof SECONDS)[number]>(60);
  const fault = toFault(choice, { share: percent / 100, latencyMs, poisonKey: poisonKey.trim() });
  const hint = useFaultHint(service, choice);
  const inject = () => {
    if (fault === null) return;
    change.mutate(
      { kind: "fault", service: service.name, fault: { ...NO_FAULT, ...fault, seconds } },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("title", { name: service.name })}
      description={t("body")}
      actions={
        <Button variant="danger" disabled={fault === null} isBusy={change.isPending} onClick={inject}>
          {t("inject")}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label={t("what")} hint={hint}>
          {({ id }) => (
            <Select
              id={id}
              value={choice}
              options={service.faults.map((value) => ({
                value,
                label: t(`choices.${value}.name`),
              }))}
              onValueChange={setChoice}
            />
          )}
        </Field>
        {choice === "latency" ? (
          <NumberField label={t("latency")} value={latencyMs} max={60_000} onChange={setLatencyMs} />
        ) : null}
        {choice === "poison" ? (
          <Field label={t("key")} hint={tSystem("keyHint")}>
            {(ids) => (
              <Input {...ids} value={poisonKey} onChange={(event) => setPoisonKey(event.target.value)} />
            )}
          </Field>
        ) : null}
        {["down", "latency", "poison"].includes(choice) ? null : (
          <NumberField label={t("share")} value={percent} max={100} onChange={setPercent} />
        )}
        <Field label={t("seconds")}>
          {({ id }) => (
            <Select
              id={id}
              value={String(seconds)}
              options={SECONDS.map((value) => ({
                value: String(value),
                label: value === null ? t("untilEnded") : format.duration(value * 1_000),
              }))}
              onValueChange={(value) => setSeconds(SECONDS.find((one) => String(one) === value) ?? null)}
            />
          )}
        </Field>
        {change.isError ? <ErrorNotice title={t("failed")} error={change.error} /> : null}
      </div>
    </Dialog>
  );
}

/** What a choice means for whom it is made. */
function useFaultHint({ kind }: ScenarioServiceDto, choice: FaultChoice): string {
  const t = useTranslations("scenarios.faults");
  if (kind === "called" && choice !== "reorder") return t(`called.${choice}`);
  if (kind === "projection" && (choice === "latency" || choice === "down" || choice === "poison")) {
    return t(`projection.${choice}`);
  }
  return t(`choices.${choice}.hint`);
}

function NumberField(props: {
  label: string;
  value: number;
  max: number;
  onChange: (value: number) => void;
}) {
  const { label, value, max, onChange } = props;
  return (
    <Field label={label}>
      {(ids) => (
        <Input
          {...ids}
          type="number"
          min={1}
          max={max}
          value={value}
          onChange={(event) => onChange(Math.min(max, Math.max(0, Math.round(Number(event.target.value)))))}
        />
      )}
    </Field>
  );
}
