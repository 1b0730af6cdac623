"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { SubscriptionStatusDto } from "#server/contract/subscriptions.ts";
import { useBoundedCount } from "./consumer-look.tsx";
import { useDeleteSubscription } from "./consumer-queries.ts";

type DeleteDialogProps = { consumer: SubscriptionStatusDto; onClose: () => void; onDeleted: () => void };

/** Asks before a consumer goes, with what it is still owed. */
export function DeleteDialog({ consumer: { consumer, backlog }, onClose, onDeleted }: DeleteDialogProps) {
  const t = useTranslations("consumers.delete");
  const bounded = useBoundedCount();
  const remove = useDeleteSubscription(consumer);
  const [waiting] = useState(backlog === null ? "0" : bounded(backlog));
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        showToast({ title: t("done", { consumer }), tone: "ok" });
        onClose();
        onDeleted();
      },
    });
  return (
    <ConfirmDialog
      open
      isDangerous
      onOpenChange={onClose}
      title={t("title", { consumer })}
      description={t("body", { waiting })}
      confirmLabel={t("confirm")}
      isBusy={remove.isPending}
      onConfirm={confirm}
    >
      {remove.isError ? <ErrorNotice title={t("failed")} error={remove.error} /> : null}
    </ConfirmDialog>
  );
}
