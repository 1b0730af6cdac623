"use client";

import { useTranslations } from "next-intl";
import { classNames } from "#components/ui/class-names.ts";
import { Field } from "#components/ui/field.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { REPLAY_RETRIES, REPLAY_TARGETS } from "#server/contract/replays.ts";
import type { DraftProblem, NumberField as NumberName, ReplayDraft } from "./replay-draft.ts";

type OptionsFormProps = {
  draft: ReplayDraft;
  problems: readonly DraftProblem[];
  onChange: (next: Partial<ReplayDraft>) => void;
  className?: string;
};

/** How the replay is to go: to whom, how carefully, how fast, and when it stops by itself. */
export function OptionsForm({ draft, problems, onChange, className }: OptionsFormProps) {
  const t = useTranslations("replays.options");
  const format = useFormat();
  const problemOf = (field: NumberName): string | undefined => {
    const problem = problems.find((one) => one.field === field);
    if (problem === undefined) return undefined;
    return "limit" in problem
      ? t(`problems.${problem.kind}`, { limit: problem.limit })
      : t(`problems.${problem.kind}`);
  };
  const waitMs = Number(draft.wait) * 1000;
  const number = (field: NumberName, hint: string, placeholder?: string) => (
    <Field label={t(field)} hint={hint} error={problemOf(field)}>
      {(ids) => (
        <Input
          {...ids}
          inputMode={field === "rate" || field === "stop" ? "decimal" : "numeric"}
          autoComplete="off"
          placeholder={placeholder}
          value={draft[field]}
          onChange={(event) => onChange({ [field]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <section
      aria-labelledby="replay-options"
      className={classNames(
        "flex min-w-0 flex-col gap-3 bg-surface px-3 py-4 max-lg:border-line max-lg:border-t md:px-4",
        className,
      )}
    >
      <h2 id="replay-options" className="font-medium text-sm">
        {t("title")}
      </h2>
      <Field label={t("to")} hint={t(`toHints.${draft.to}`)}>
        {({ id }) => (
          <Select
            id={id}
            value={draft.to}
            options={REPLAY_TARGETS.map((value) => ({ value, label: t(`targets.${value}`) }))}
            onValueChange={(to) => onChange({ to })}
          />
        )}
      </Field>
      <Field label={t("retries")} hint={t(`retriesHints.${draft.retries}`)}>
        {({ id }) => (
          <Select
            id={id}
            value={draft.retries}
            options={REPLAY_RETRIES.map((value) => ({ value, label: t(`retriesNames.${value}`) }))}
            onValueChange={(retries) => onChange({ retries })}
          />
        )}
      </Field>
      {number("canary", t("hints.canary"))}
      <div className="grid grid-cols-2 items-start gap-3">
        {number("stop", t("hints.stop"), t("never"))}
        {number("stopFrom", t("hints.stopFrom"))}
      </div>
      <div className="grid grid-cols-2 items-start gap-3">
        {number("rate", t("hints.rate"), t("unlimited"))}
        {number("concurrency", t("hints.concurrency"))}
      </div>
      {number(
        "wait",
        Number.isFinite(waitMs) && waitMs > 0
          ? t("hints.waitOf", { duration: format.duration(waitMs) })
          : t("hints.wait"),
      )}
    </section>
  );
}
