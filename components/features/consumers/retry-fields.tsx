"use client";

import { useTranslations } from "next-intl";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { JITTERS } from "#server/domain/retry-policy.ts";
import { FormSection } from "./form-section.tsx";
import { NumberField } from "./number-field.tsx";
import { readDraftRetry } from "./read-draft.ts";
import { useRetryWords } from "./retry-words.ts";
import type { DraftFieldsProps } from "./source-fields.tsx";

/** When a delivery that failed is tried again, with what the numbers come to. */
export function RetryFields(props: DraftFieldsProps) {
  const { draft, change } = props;
  const t = useTranslations("consumers.form");
  const retryWords = useRetryWords();
  const policy = readDraftRetry(draft);
  return (
    <FormSection title={t("sections.retry")}>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
        <NumberField {...props} field="retries" />
        <NumberField {...props} field="baseMs" />
        <NumberField {...props} field="factor" />
        <NumberField {...props} field="capMs" />
        <div className="max-sm:col-span-2">
          <Field label={t("jitter")}>
            {({ id }) => (
              <Select
                id={id}
                value={draft.jitter}
                options={JITTERS.map((value) => ({ value, label: t(`jitters.${value}`) }))}
                onValueChange={(jitter) => change({ jitter })}
              />
            )}
          </Field>
        </div>
      </div>
      <p aria-live="polite" className="rounded-md bg-sunken px-2.5 py-2 text-sm">
        {policy === null ? t("retryUnread") : retryWords(policy)}
      </p>
      <p className="text-ink-muted text-xs">{t("retryHint")}</p>
    </FormSection>
  );
}
