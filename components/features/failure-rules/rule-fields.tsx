"use client";

import { useTranslations } from "next-intl";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { type DraftProblem, RULE_ACTIONS, type RuleDraft } from "./rule-draft.ts";

type RuleFieldsProps = {
  draft: RuleDraft;
  problems: readonly DraftProblem[];
  change: (next: Partial<RuleDraft>) => void;
};
type TextName = Exclude<keyof RuleDraft, "action" | "takesParked">;

const NUMBERS: readonly TextName[] = ["minAge", "maxAge", "minAttempts", "maxAttempts", "perMinute"];

/** The fields of a rule: its name, what it asks of a letter, and what it does with it. */
export function RuleFields({ draft, problems, change }: RuleFieldsProps) {
  const t = useTranslations("failureRules.form");
  const text = (name: TextName) => (
    <RuleField key={name} name={name} draft={draft} problems={problems} change={change} />
  );
  return (
    <>
      {text("name")}
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-2 font-medium text-sm">{t("when")}</legend>
        <p className="text-ink-faint text-xs">{t("whenHint")}</p>
        <div className="grid gap-3 sm:grid-cols-2">
          {(["consumer", "type", "errorName", "message"] as const).map(text)}
        </div>
        {text("fingerprint")}
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
          {(["minAge", "maxAge", "minAttempts", "maxAttempts"] as const).map(text)}
        </div>
      </fieldset>
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-2 font-medium text-sm">{t("then")}</legend>
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={t("action")} hint={t(`actionHints.${draft.action}`)}>
            {({ id }) => (
              <Select
                id={id}
                value={draft.action}
                onValueChange={(action) => change({ action })}
                options={RULE_ACTIONS.map((value) => ({ value, label: t(`actions.${value}`) }))}
              />
            )}
          </Field>
          {text("perMinute")}
        </div>
        {draft.action === "discard" ? text("reason") : null}
        {draft.action === "assign" ? text("owner") : null}
      </fieldset>
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={draft.takesParked}
          onChange={(event) => change({ takesParked: event.target.checked })}
          className="size-4 accent-accent"
        />
        {t("takesParked")}
      </label>
    </>
  );
}

function RuleField({ name, draft, problems, change }: RuleFieldsProps & { name: TextName }) {
  const t = useTranslations("failureRules.form");
  const problem = problems.find(({ field }) => field === name);
  return (
    <Field
      label={t(`fields.${name}`)}
      hint={t(`hints.${name}`)}
      error={problem === undefined ? undefined : t(`problems.${problem.reason}`)}
    >
      {(ids) => (
        <Input
          {...ids}
          autoComplete="off"
          value={draft[name]}
          {...(NUMBERS.includes(name) && { inputMode: "decimal" as const })}
          onChange={(event) => change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}
