"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { JsonInput } from "#components/ui/json-input.tsx";
import { Select } from "#components/ui/select.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { SchemaCheckDto } from "#server/contract/schemas.ts";
import { CheckResult, canRegister } from "./check-result.tsx";
import { COMPATIBILITIES, type DraftField, readDraft, type SchemaDraft } from "./schema-draft.ts";
import { useCheckSchema, useRegisterSchema } from "./schema-queries.ts";

type RegisterSheetProps = {
  type: string;
  initial: SchemaDraft;
  /** The version is registered: its schema stays, its promise and upcasters may change. */
  isEdit: boolean;
  onClose: () => void;
  onRegistered: () => void;
};

const UPCASTER_EXAMPLE = '{"from": "1.0", "steps": [{"kind": "rename", "from": "/name", "to": "full_name"}]}';

type Checked = { draft: SchemaDraft; answer: SchemaCheckDto };

/** The form of a version: it is tried first, and registered as it was tried. */
export function RegisterSheet({ type, initial, isEdit, onClose, onRegistered }: RegisterSheetProps) {
  const t = useTranslations("schemas.register");
  const promises = useTranslations("schemas.compatibility");
  const [draft, setDraft] = useState(initial);
  // What was asked for at the start is what is being done, whatever a refresh brings.
  const [isChange] = useState(isEdit);
  const [isRead, setIsRead] = useState(false);
  const [checked, setChecked] = useState<Checked | null>(null);
  const check = useCheckSchema(type);
  const register = useRegisterSchema(type);
  const read = readDraft(draft);
  const change = (next: Partial<SchemaDraft>) => setDraft({ ...draft, ...next });
  const problemOf = (field: DraftField) =>
    isRead && read.kind === "invalid"
      ? read.problems.find((problem) => problem.field === field)?.reason
      : undefined;
  const answer = checked?.draft === draft ? checked.answer : null;

  const tryIt = () => {
    setIsRead(true);
    if (read.kind === "invalid") return;
    register.reset();
    check.mutate(read, { onSuccess: (result) => setChecked({ draft, answer: result }) });
  };
  const registerIt = () => {
    if (read.kind === "invalid") return;
    register.mutate(read, {
      onSuccess: ({ version }) => {
        showToast({ title: t(isChange ? "changed" : "done", { type, version }), tone: "ok" });
        onRegistered();
        onClose();
      },
    });
  };

  return (
    <Sheet
      open
      onOpenChange={onClose}
      title={isChange ? t("editTitle", { type, version: initial.version }) : t("title", { type })}
      className="w-3xl"
    >
      <div className="flex min-h-full flex-col">
        <div className="flex flex-1 flex-col gap-3 p-4">
          <div className="grid gap-3 sm:grid-cols-[10rem_minmax(0,1fr)]">
            <Field label={t("version")} error={problemOf("version")}>
              {(ids) => (
                <Input
                  {...ids}
                  value={draft.version}
                  disabled={isChange}
                  maxLength={64}
                  onChange={(event) => change({ version: event.target.value })}
                />
              )}
            </Field>
            <Field label={t("promise")} hint={promises(`${draft.compatibility}.hint`)}>
              {({ id }) => (
                <Select
                  id={id}
                  value={draft.compatibility}
                  onValueChange={(compatibility) => change({ compatibility })}
                  options={COMPATIBILITIES.map((value) => ({ value, label: promises(`${value}.name`) }))}
                />
              )}
            </Field>
          </div>
          <div className="flex flex-col gap-1">
            <p className="font-medium text-ink-muted text-xs">{t("schema")}</p>
            {isChange ? (
              <p className="text-ink-faint text-xs">{t("schemaStays")}</p>
            ) : (
              <JsonInput
                label={t("schema")}
                text={draft.schema}
                error={problemOf("schema")}
                className="h-80"
                onChange={(schema) => change({ schema })}
              />
            )}
          </div>
          <div className="flex flex-col gap-1">
            <p className="font-medium text-ink-muted text-xs">{t("upcasters")}</p>
            <p className="text-ink-faint text-xs">{t("upcastersHint", { example: UPCASTER_EXAMPLE })}</p>
            <JsonInput
              label={t("upcasters")}
              text={draft.upcasters}
              error={problemOf("upcasters")}
              className={isChange ? "h-64" : "h-28"}
              onChange={(upcasters) => change({ upcasters })}
            />
          </div>
        </div>
        <footer className="sticky bottom-0 flex max-h-[60vh] flex-col gap-2 overflow-y-auto border-line border-t bg-surface px-4 py-3">
          {answer === null ? null : <CheckResult check={answer} />}
          {check.isError ? <ErrorNotice title={t("checkFailed")} error={check.error} /> : null}
          {register.isError ? <ErrorNotice title={t("failed")} error={register.error} /> : null}
          <div className="flex flex-wrap items-center justify-end gap-2">
            {answer === null ? <p className="mr-auto text-ink-faint text-xs">{t("checkFirst")}</p> : null}
            <Button onClick={onClose}>{t("cancel")}</Button>
            <Button isBusy={check.isPending} onClick={tryIt}>
              {t("check")}
            </Button>
            <Button
              variant="primary"
              disabled={answer === null || !canRegister(answer)}
              isBusy={register.isPending}
              onClick={registerIt}
            >
              {t(isChange ? "save" : "confirm", { version: draft.version.trim() })}
            </Button>
          </div>
        </footer>
      </div>
    </Sheet>
  );
}
