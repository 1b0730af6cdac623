"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { LOCALE_NAMES } from "#components/i18n/locale.ts";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Field } from "#components/ui/field.tsx";
import { focusFirstInvalid } from "#components/ui/focus-first-invalid.ts";
import { Input } from "#components/ui/input.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import type { DestinationDto } from "#server/contract/alert-destinations.ts";
import { DESTINATION_KINDS, NOTICE_LANGUAGES } from "#server/domain/alerts/alert.ts";
import { alertQueries, useSaveDestination } from "./alert-queries.ts";
import { readDestination, toChange, toInput } from "./destination-draft.ts";

type DestinationDialogProps = {
  /** Null for a new one. */
  destination: DestinationDto | null;
  onClose: () => void;
};

/** The form of a destination. The secret of a webhook is shown once, when it is made. */
export function DestinationDialog({ destination, onClose }: DestinationDialogProps) {
  const t = useTranslations("alerts.destinations");
  const ownLanguage = useLocale();
  const save = useSaveDestination();
  const [kind, setKind] = useState(destination?.kind ?? "webhook");
  const [name, setName] = useState(destination?.name ?? "");
  const [language, setLanguage] = useState(destination?.language ?? ownLanguage);
  const [address, setAddress] = useState("");
  const [renewSecret, setRenewSecret] = useState(false);
  const [isTried, setIsTried] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  const known = useQuery(alertQueries.destinations()).data?.destinations ?? [];
  const secret = save.data?.secret ?? null;
  const draft = { kind, name, language, address };
  const others = known.flatMap((each) => (each.id === destination?.id ? [] : [each.name]));
  const read = readDestination(draft, { isNew: destination === null, others });
  const problems = isTried && read.kind === "invalid" ? read.problems : [];
  const problemOf = (field: "name" | "address") => {
    const problem = problems.find((each) => each.field === field);
    return problem === undefined
      ? undefined
      : t(`problems.${problem.reason}`, { limit: 0, text: "", ...problem });
  };

  const saveIt = () => {
    setIsTried(true);
    if (read.kind === "invalid") {
      focusFirstInvalid(form.current);
      return;
    }
    const onSuccess = (made: { secret: string | null }) => {
      if (made.secret === null) onClose();
    };
    if (destination === null) {
      save.mutate({ id: null, body: toInput(draft, read) }, { onSuccess });
      return;
    }
    save.mutate({ id: destination.id, body: toChange(draft, read, renewSecret) }, { onSuccess });
  };

  if (secret !== null) {
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={t("secretTitle")}
        description={t("secretHint")}
        actions={
          <Button variant="primary" onClick={onClose}>
            {t("secretKept")}
          </Button>
        }
      >
        <CodeBlock code={secret} copyLabel={t("copySecret")} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={destination === null ? t("newTitle") : t("editTitle", { name: destination.name })}
      actions={
        <Button variant="primary" isBusy={save.isPending} onClick={saveIt}>
          {t("save")}
        </Button>
      }
    >
      <div ref={form} className="flex flex-col gap-3">
        {destination === null ? (
          <SegmentedControl
            label={t("kind")}
            value={kind}
            onValueChange={setKind}
            options={DESTINATION_KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          />
        ) : null}
        <p className="text-ink-faint text-xs">{t(`hints.${kind}`)}</p>
        <Field label={t("name")} error={problemOf("name")}>
          {(ids) => (
            <Input
              {...ids}
              autoComplete="off"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={t(kind === "mail" ? "to" : "url")}
          error={problemOf("address")}
          {...(destination !== null && { hint: t("keptHint", { address: destination.address }) })}
        >
          {(ids) => (
            <Input
              {...ids}
              autoComplete="off"
              spellCheck={false}
              placeholder={kind === "mail" ? "oncall@example.com" : "https://"}
              value={address}
              onChange={(event) => setAddress(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("language")} hint={t("languageHint")}>
          {() => (
            <SegmentedControl
              label={t("language")}
              value={language}
              onValueChange={setLanguage}
              options={NOTICE_LANGUAGES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
            />
          )}
        </Field>
        {destination?.kind === "webhook" ? (
          <label className="flex items-center gap-2 text-sm">
            <input
              type="checkbox"
              checked={renewSecret}
              onChange={(event) => setRenewSecret(event.target.checked)}
              className="size-4 accent-accent"
            />
            {t("renewSecret")}
          </label>
        ) : null}
        {save.isError ? <ErrorNotice title={t("saveFailed")} error={save.error} /> : null}
      </div>
    </Dialog>
  );
}
