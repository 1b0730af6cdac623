"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import type { FailureCaseDto } from "#server/contract/failure-cases.ts";
import { CASE_LIMITS } from "#server/domain/failures/failure-case.ts";
import { useCommandCase } from "./case-queries.ts";

type TicketDialogProps = { failureCase: Pick<FailureCaseDto, "id" | "ticketUrl">; onClose: () => void };

/** Links a case to a ticket in another system. An empty address takes the link away. */
export function TicketDialog({ failureCase, onClose }: TicketDialogProps) {
  const t = useTranslations("deadLetters.ticket");
  const [url, setUrl] = useState(failureCase.ticketUrl ?? "");
  const command = useCommandCase();
  const isUsable = url.trim() === "" || /^https?:\/\/\S+$/.test(url.trim());
  const save = () => {
    if (!isUsable) return;
    const ticketUrl = url.trim() === "" ? null : url.trim();
    command.mutate(
      { id: failureCase.id, command: { kind: "change", change: { ticketUrl } } },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("title", { id: failureCase.id })}
      actions={
        <Button variant="primary" disabled={!isUsable} isBusy={command.isPending} onClick={save}>
          {t("confirm")}
        </Button>
      }
    >
      <Field label={t("url")} hint={t("hint")} error={isUsable ? undefined : t("problem")}>
        {(ids) => (
          <Input
            {...ids}
            type="url"
            value={url}
            maxLength={CASE_LIMITS.ticketUrl}
            autoComplete="off"
            spellCheck={false}
            placeholder="https://tickets.example.com/SHOP-412"
            onChange={(event) => setUrl(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") save();
            }}
          />
        )}
      </Field>
      {command.isError ? <ErrorNotice title={t("failed")} error={command.error} /> : null}
    </Dialog>
  );
}
