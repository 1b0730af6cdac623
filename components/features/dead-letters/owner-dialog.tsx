"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { CaseDetailDto, FailureCaseDto } from "#server/contract/failure-cases.ts";
import { CASE_LIMITS } from "#server/domain/failures/failure-case.ts";
import { useCommandCase } from "./case-queries.ts";

type OwnerDialogProps = {
  failureCase: Pick<FailureCaseDto, "id" | "owner">;
  onDone: (failureCase: CaseDetailDto) => void;
  onClose: () => void;
};

/** Says who has a case. An empty name is nobody. */
export function OwnerDialog({ failureCase, onDone, onClose }: OwnerDialogProps) {
  const t = useTranslations("deadLetters.owner");
  const [name, setName] = useState(failureCase.owner ?? "");
  const command = useCommandCase();
  const save = () => {
    const owner = name.trim() === "" ? null : name.trim();
    command.mutate(
      { id: failureCase.id, command: { kind: "change", change: { owner } } },
      {
        onSuccess: (answer) => {
          showToast({
            title: owner === null ? t("doneNobody", { id: answer.id }) : t("done", { id: answer.id, owner }),
            tone: "ok",
          });
          onDone(answer);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("title", { id: failureCase.id })}
      actions={
        <Button variant="primary" isBusy={command.isPending} onClick={save}>
          {t("confirm")}
        </Button>
      }
    >
      <Field label={t("name")} hint={t("hint")}>
        {(ids) => (
          <Input
            {...ids}
            value={name}
            maxLength={CASE_LIMITS.owner}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && !event.nativeEvent.isComposing) save();
            }}
          />
        )}
      </Field>
      {command.isError ? <ErrorNotice title={t("failed")} error={command.error} /> : null}
    </Dialog>
  );
}
