"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import { parsePayloadPath } from "#server/domain/sagas/correlate.ts";
import { useAddCorrelationPath } from "./saga-queries.ts";

const MAX_LENGTH = 1024;

/** Names a place of payloads that says which flow an event belongs to. */
export function CorrelationForm() {
  const t = useTranslations("sagas.correlation");
  const [type, setType] = useState("");
  const [path, setPath] = useState("");
  const [isTried, setIsTried] = useState(false);
  const add = useAddCorrelationPath();
  const isTypeMissing = type.trim() === "";
  const isPathWrong = parsePayloadPath(path.trim()) === null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (isTypeMissing || isPathWrong || add.isPending) return;
    add.mutate(
      { type: type.trim(), path: path.trim() },
      {
        onSuccess: (added) => {
          showToast({ title: t("added", { path: added.path }), tone: "ok" });
          setType("");
          setPath("");
          setIsTried(false);
        },
      },
    );
  };
  return (
    <form
      aria-label={t("add")}
      onSubmit={submit}
      className="flex flex-col gap-3 rounded-md border border-line p-3"
    >
      <div className="flex gap-3 max-sm:flex-col">
        <div className="min-w-0 flex-1">
          <Field
            label={t("type")}
            hint={t("typeHint")}
            error={isTried && isTypeMissing ? t("typeMissing") : undefined}
          >
            {(ids) => (
              <Input
                {...ids}
                value={type}
                maxLength={MAX_LENGTH}
                placeholder="shop.order.*"
                onChange={(event) => setType(event.target.value)}
              />
            )}
          </Field>
        </div>
        <div className="min-w-0 flex-1">
          <Field
            label={t("path")}
            hint={t("pathHint")}
            error={isTried && isPathWrong ? t("pathWrong") : undefined}
          >
            {(ids) => (
              <Input
                {...ids}
                value={path}
                maxLength={MAX_LENGTH}
                placeholder="data.order_id"
                onChange={(event) => setPath(event.target.value)}
              />
            )}
          </Field>
        </div>
      </div>
      {add.isError ? <ErrorNotice title={t("addFailed")} error={add.error} /> : null}
      <div>
        <Button type="submit" variant="primary" isBusy={add.isPending}>
          {t("add")}
        </Button>
      </div>
    </form>
  );
}
