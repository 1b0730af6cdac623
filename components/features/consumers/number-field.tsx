"use client";

import { useTranslations } from "next-intl";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import type { DraftFieldsProps } from "./source-fields.tsx";

type NumberName = "concurrency" | "timeoutMs" | "retries" | "baseMs" | "factor" | "capMs";

type NumberFieldProps = Pick<DraftFieldsProps, "draft" | "change" | "problemOf"> & {
  field: NumberName;
  hint?: string | undefined;
};

/** A number of a subscription, as it is typed. */
export function NumberField({ field, hint, draft, change, problemOf }: NumberFieldProps) {
  const t = useTranslations("consumers.form");
  return (
    <Field label={t(field)} hint={hint} error={problemOf(field)}>
      {(ids) => (
        <Input
          {...ids}
          inputMode={field === "factor" ? "decimal" : "numeric"}
          autoComplete="off"
          value={draft[field]}
          onChange={(event) => change({ [field]: event.target.value })}
        />
      )}
    </Field>
  );
}
