"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { TextArea } from "#components/ui/text-area.tsx";
import type { RunActionOfferDto } from "#server/contract/processes.ts";
import type { ActionDraft } from "./action-draft.ts";

type ActionFieldsProps = {
  action: RunActionOfferDto["action"];
  steps: RunActionOfferDto["steps"];
  draft: ActionDraft;
  /** What is wrong with the reply. */
  replyProblem: string | undefined;
  onChange: (change: Partial<ActionDraft>) => void;
  onSubmit: () => void;
  /** What all of this would do; the reason is asked for below it. */
  children: ReactNode;
};

/** Which step it is about, what it is given, and why. */
export function ActionFields(props: ActionFieldsProps) {
  const { action, steps, draft, replyProblem, onChange, onSubmit, children } = props;
  const t = useTranslations("runActions");
  const keyId = useId();
  const phase = steps.find(({ step }) => step === draft.step)?.phase ?? "do";
  return (
    <>
      {steps.length > 1 ? (
        <Field label={t("step")}>
          {({ id }) => (
            <Select
              id={id}
              value={draft.step ?? ""}
              options={steps.map(({ step }) => ({ value: step, label: step }))}
              onValueChange={(step) => onChange({ step, replyText: "" })}
            />
          )}
        </Field>
      ) : null}
      {action === "skip" && phase === "do" ? (
        <Field label={t("reply.label")} hint={t("reply.hint")} error={replyProblem}>
          {(ids) => (
            <TextArea
              {...ids}
              rows={3}
              spellCheck={false}
              value={draft.replyText}
              placeholder="{}"
              className="w-full"
              onChange={(event) => onChange({ replyText: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      {action === "retry" ? (
        <div className="flex items-start gap-2">
          <input
            id={keyId}
            type="checkbox"
            checked={draft.isKeyNew}
            className="mt-1 accent-accent"
            onChange={(event) => onChange({ isKeyNew: event.target.checked })}
          />
          <label htmlFor={keyId} className="text-sm">
            {t("newKey.label")}
            <span className="block text-ink-muted text-xs">{t("newKey.hint")}</span>
          </label>
        </div>
      ) : null}
      {children}
      <Field label={action === "retry" ? t("reason.optional") : t("reason.label")} hint={t("reason.hint")}>
        {(ids) => (
          <TextArea
            {...ids}
            rows={2}
            value={draft.reason}
            maxLength={1000}
            className="w-full font-sans! text-sm!"
            onChange={(event) => onChange({ reason: event.target.value })}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSubmit();
            }}
          />
        )}
      </Field>
    </>
  );
}
