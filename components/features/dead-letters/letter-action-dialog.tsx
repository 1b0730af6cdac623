"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Field } from "#components/ui/field.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TextArea } from "#components/ui/text-area.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { LetterActionAnswerDto, LetterSelection } from "#server/contract/dead-letters.ts";
import { type LetterAction, letterQueries, useLetterAction } from "./letter-queries.ts";

type LetterActionDialogProps = {
  action: LetterAction;
  selection: LetterSelection;
  onDone?: () => void;
  onClose: () => void;
};

/** Discards or restores what was selected, after saying how many letters that is. Those and no others are changed. */
export function LetterActionDialog({ action, selection, onDone, onClose }: LetterActionDialogProps) {
  const t = useTranslations(`deadLetters.${action}`);
  const [reason, setReason] = useState("");
  const measured = useQuery({ ...letterQueries.measured(action, selection), refetchOnWindowFocus: false });
  const run = useLetterAction(action);
  const plan = measured.data;
  const isReady = plan !== undefined && plan.count > 0 && (action === "restore" || reason.trim() !== "");
  const carryOut = () => {
    if (plan === undefined || !isReady) return;
    run.mutate(
      { selection: freeze(selection, plan.upTo), reason: reason.trim() },
      {
        onSuccess: ({ count }) => {
          showToast({ title: t("done", { count }), tone: "ok" });
          onDone?.();
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("title")}
      description={t("body")}
      actions={
        <Button
          variant={action === "discard" ? "danger" : "primary"}
          disabled={!isReady}
          isBusy={run.isPending}
          onClick={carryOut}
        >
          {plan === undefined ? t("confirmUnknown") : t("confirm", { count: plan.count })}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        {measured.isPending ? (
          <div role="status" aria-busy aria-label={t("measuring")}>
            <Skeleton className="w-2/3" />
          </div>
        ) : null}
        {measured.isError ? (
          <ErrorNotice title={t("measureFailed")} error={measured.error} onRetry={measured.refetch} />
        ) : null}
        {plan === undefined ? null : <Plan action={action} plan={plan} />}
        <Field label={t("reason")} hint={t("reasonHint")}>
          {(ids) => (
            <TextArea
              {...ids}
              rows={2}
              value={reason}
              maxLength={1000}
              className="w-full font-sans! text-sm!"
              onChange={(event) => setReason(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) carryOut();
              }}
            />
          )}
        </Field>
        {run.isError ? <ErrorNotice title={t("failed")} error={run.error} /> : null}
      </div>
    </Dialog>
  );
}

function Plan({
  action,
  plan: { count, skipped, newer },
}: {
  action: LetterAction;
  plan: LetterActionAnswerDto;
}) {
  const t = useTranslations(`deadLetters.${action}`);
  return (
    <div
      role="status"
      className="flex flex-col gap-0.5 rounded-md border border-line-strong bg-sunken p-2.5 text-sm"
    >
      <p className="font-medium">
        {newer === 0 ? t("included", { count }) : t("includedWithNewer", { count, newer })}
      </p>
      {skipped === 0 ? null : <p className="text-ink-muted text-xs">{t("skipped", { count: skipped })}</p>}
    </div>
  );
}

/** Letters that die after they were counted stay out of it. */
function freeze(selection: LetterSelection, upTo: string): LetterSelection {
  return selection.kind === "letters" ? selection : { ...selection, upTo };
}
