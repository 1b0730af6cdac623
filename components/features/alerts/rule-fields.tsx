"use client";

import { useTranslations } from "next-intl";
import { Field } from "#components/ui/field.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Input } from "#components/ui/input.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { Select } from "#components/ui/select.tsx";
import { TextArea } from "#components/ui/text-area.tsx";
import type { DestinationDto } from "#server/contract/alert-destinations.ts";
import { ALERT_SEVERITIES } from "#server/domain/alerts/alert.ts";
import { ConditionFields } from "./condition-fields.tsx";
import type { DraftProblem } from "./read-rule.ts";
import { CONDITION_KINDS, type RuleDraft, SPANS_MS, withKind } from "./rule-draft.ts";

export type RuleFieldsProps = {
  draft: RuleDraft;
  problems: readonly DraftProblem[];
  change: (next: Partial<RuleDraft>) => void;
};

/** The fields of a rule: what it watches, how bad that is, who is told, and what to do about it. */
export function RuleFields(props: RuleFieldsProps & { destinations: readonly DestinationDto[] }) {
  const { draft, problems, change, destinations } = props;
  const t = useTranslations("alerts.form");
  const severities = useTranslations("alerts.severities");
  const note = problems.find(({ field }) => field === "note");
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_auto]">
        <TextField {...props} name="name" />
        <Field label={t("severity")}>
          {() => (
            <SegmentedControl
              label={t("severity")}
              value={draft.severity}
              onValueChange={(severity) => change({ severity })}
              options={ALERT_SEVERITIES.map((value) => ({ value, label: severities(value) }))}
            />
          )}
        </Field>
      </div>
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-2 font-medium text-sm">{t("when")}</legend>
        <div className="overflow-x-auto">
          <SegmentedControl
            label={t("kind")}
            value={draft.kind}
            onValueChange={(kind) => change(withKind(draft, kind))}
            options={CONDITION_KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          />
        </div>
        <p className="text-ink-faint text-xs">{t(`kindHints.${draft.kind}`)}</p>
        <ConditionFields {...props} />
        <SpanField
          label={t("forMs")}
          hint={t("forHint")}
          value={draft.forMs}
          spans={[0, ...SPANS_MS]}
          onChange={(forMs) => change({ forMs })}
        />
      </fieldset>
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-2 font-medium text-sm">{t("then")}</legend>
        {destinations.length === 0 ? (
          <p className="text-ink-muted text-sm">{t("noDestinations")}</p>
        ) : (
          <div className="flex flex-col gap-1.5">
            {destinations.map(({ id, name }) => (
              <label key={id} className="flex items-center gap-2 text-sm">
                <input
                  type="checkbox"
                  checked={draft.destinations.includes(id)}
                  onChange={(event) =>
                    change({
                      destinations: event.target.checked
                        ? [...draft.destinations, id]
                        : draft.destinations.filter((each) => each !== id),
                    })
                  }
                  className="size-4 accent-accent"
                />
                {t("tell", { name })}
              </label>
            ))}
          </div>
        )}
        <Field
          label={t("fields.note")}
          hint={t("hints.note")}
          error={note === undefined ? undefined : t(`problems.${note.reason}`, { limit: note.limit ?? 0 })}
        >
          {(ids) => (
            <TextArea
              {...ids}
              rows={3}
              value={draft.note}
              onChange={(event) => change({ note: event.target.value })}
            />
          )}
        </Field>
        <TextField {...props} name="runbook" />
      </fieldset>
    </>
  );
}

type TextName = "name" | "value" | "byShare" | "target" | "withinSeconds" | "factor" | "runbook";

/** A text or a number of a rule, as it is typed. */
export function TextField({
  name,
  draft,
  problems,
  change,
  unit,
}: RuleFieldsProps & { name: TextName; unit?: string }) {
  const t = useTranslations("alerts.form");
  const problem = problems.find(({ field }) => field === name);
  return (
    <Field
      label={unit === undefined ? t(`fields.${name}`) : t("withUnit", { field: t(`fields.${name}`), unit })}
      {...(name === "runbook" && { hint: t("hints.runbook") })}
      error={
        problem === undefined ? undefined : t(`problems.${problem.reason}`, { limit: problem.limit ?? 0 })
      }
    >
      {(ids) => (
        <Input
          {...ids}
          autoComplete="off"
          value={draft[name]}
          {...(name !== "name" && name !== "runbook" && { inputMode: "decimal" as const })}
          onChange={(event) => change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}

type SpanFieldProps = {
  label: string;
  hint?: string;
  error?: string | undefined;
  value: number;
  spans?: readonly number[];
  onChange: (ms: number) => void;
};

/** A span of time, of those that are offered; one that was set by other means is offered too. */
export function SpanField({ label, hint, error, value, spans = SPANS_MS, onChange }: SpanFieldProps) {
  const t = useTranslations("alerts.form");
  const format = useFormat();
  const offered = [...new Set([...spans, value])].toSorted((a, b) => a - b);
  return (
    <Field label={label} {...(hint !== undefined && { hint })} error={error}>
      {(ids) => (
        <Select
          {...ids}
          value={String(value)}
          onValueChange={(text) => onChange(Number(text))}
          options={offered.map((ms) => ({
            value: String(ms),
            label: ms === 0 ? t("atOnce") : format.duration(ms),
          }))}
        />
      )}
    </Field>
  );
}
