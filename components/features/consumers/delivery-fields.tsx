"use client";

import { useTranslations } from "next-intl";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { ON_DEAD, ORDERINGS } from "#server/domain/ordering.ts";
import type { DraftFieldsProps } from "./source-fields.tsx";

const NUMBERS = ["concurrency", "timeoutMs", "retries", "baseMs"] as const;

/** In which order, how many at once, and what happens when it fails. */
export function DeliveryFields({ draft, change, problemOf }: DraftFieldsProps) {
  const t = useTranslations("consumers.form");
  const orderings = useTranslations("consumers.orderings");
  if (draft.targetKind === "external") return null;
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label={t("ordering")}>
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
        <Field label={t("onDead")}>
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
      {NUMBERS.map((field) => (
        <Field key={field} label={t(field)} error={problemOf(field)}>
          {(ids) => (
            <Input
              {...ids}
              inputMode="numeric"
              value={draft[field]}
              onChange={(event) => change({ [field]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
