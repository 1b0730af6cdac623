"use client";

import { useTranslations } from "next-intl";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { TextArea } from "#components/ui/text-area.tsx";
import { FormSection } from "./form-section.tsx";
import type { DraftFieldsProps } from "./source-fields.tsx";
import { TARGET_KINDS } from "./subscription-draft.ts";

/** Where the events go. */
export function TargetFields({ draft, change, problemOf, isNew }: DraftFieldsProps) {
  const t = useTranslations("consumers.form");
  // Who delivers can't be changed afterwards: the server keeps no position for a system that delivers on its own.
  const kinds = isNew
    ? TARGET_KINDS
    : TARGET_KINDS.filter((kind) => (kind === "external") === (draft.targetKind === "external"));
  return (
    <FormSection title={t("sections.target")}>
      <Field label={t("target")}>
        {({ id }) => (
          <Select
            id={id}
            value={draft.targetKind}
            options={kinds.map((value) => ({ value, label: t(`targets.${value}`) }))}
            onValueChange={(targetKind) => change({ targetKind })}
          />
        )}
      </Field>
      {draft.targetKind === "external" ? <p className="text-ink-muted text-xs">{t("externalHint")}</p> : null}
      {draft.targetKind === "handler" ? (
        <Field label={t("handler")} hint={t("handlerHint")} error={problemOf("handler")}>
          {(ids) => (
            <Input
              {...ids}
              value={draft.handler}
              onChange={(event) => change({ handler: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      {draft.targetKind === "http" ? (
        <>
          <Field label={t("url")} hint={t("urlHint")} error={problemOf("url")}>
            {(ids) => (
              <Input
                {...ids}
                inputMode="url"
                autoComplete="off"
                spellCheck={false}
                placeholder="https://mailer.example/events"
                value={draft.url}
                onChange={(event) => change({ url: event.target.value })}
              />
            )}
          </Field>
          <div className="grid gap-3 sm:grid-cols-2">
            <Field label={t("secrets")} hint={t("secretsHint")} error={problemOf("secrets")}>
              {(ids) => (
                <TextArea
                  {...ids}
                  rows={2}
                  placeholder="whsec_…"
                  value={draft.secrets}
                  onChange={(event) => change({ secrets: event.target.value })}
                />
              )}
            </Field>
            <Field label={t("headers")} hint={t("headersHint")} error={problemOf("headers")}>
              {(ids) => (
                <TextArea
                  {...ids}
                  rows={2}
                  placeholder='{ "X-Tenant": "tokyo" }'
                  value={draft.headers}
                  onChange={(event) => change({ headers: event.target.value })}
                />
              )}
            </Field>
          </div>
        </>
      ) : null}
    </FormSection>
  );
}
