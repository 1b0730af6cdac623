"use client";

import { useTranslations } from "next-intl";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { ON_DEAD, ORDERINGS } from "#server/domain/ordering.ts";
import { FormSection } from "./form-section.tsx";
import { NumberField } from "./number-field.tsx";
import type { DraftFieldsProps } from "./source-fields.tsx";

/** In which order, how many at once, and how long one may take. */
export function DeliveryFields(props: DraftFieldsProps) {
  const { draft, change } = props;
  const t = useTranslations("consumers.form");
  const orderings = useTranslations("consumers.orderings");
  return (
    <FormSection title={t("sections.delivery")}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={t("ordering")} hint={t(`orderingHints.${draft.ordering}`)}>
          {({ id }) => (
            <Select
              id={id}
              value={draft.ordering}
              options={ORDERINGS.map((value) => ({ value, label: orderings(value) }))}
              onValueChange={(ordering) => change({ ordering })}
            />
          )}
        </Field>
        {draft.ordering === "key" ? (
          <Field label={t("onDead")} hint={t(`onDeadHints.${draft.onDead}`)}>
            {({ id }) => (
              <Select
                id={id}
                value={draft.onDead}
                options={ON_DEAD.map((value) => ({ value, label: t(`onDeads.${value}`) }))}
                onValueChange={(onDead) => change({ onDead })}
              />
            )}
          </Field>
        ) : null}
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <NumberField {...props} field="concurrency" hint={t("concurrencyHint")} />
        <NumberField {...props} field="timeoutMs" hint={t("timeoutHint")} />
      </div>
    </FormSection>
  );
}
