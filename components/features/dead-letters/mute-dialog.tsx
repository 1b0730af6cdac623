"use client";

import { useTranslations } from "next-intl";
import { MuteFields, useMuteEnd } from "#components/shell/mute-fields.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { CaseDetailDto, FailureCaseDto } from "#server/contract/failure-cases.ts";
import { useCommandCase } from "./case-queries.ts";

type MuteDialogProps = {
  failureCase: Pick<FailureCaseDto, "id" | "consumer">;
  onDone: (failureCase: CaseDetailDto) => void;
  onClose: () => void;
};

/** Keeps a case out of the way until a moment. What returns is counted all the same. */
export function MuteDialog({ failureCase, onDone, onClose }: MuteDialogProps) {
  const t = useTranslations("deadLetters.mute");
  const format = useFormat();
  const end = useMuteEnd();
  const { until } = end;
  const command = useCommandCase();
  const mute = () => {
    if (until === null) {
      end.tell();
      return;
    }
    command.mutate(
      { id: failureCase.id, command: { kind: "mute", until } },
      {
        onSuccess: (answer) => {
          showToast({ title: t("done", { id: answer.id, time: format.minute(until) }), tone: "ok" });
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
      description={t("body")}
      actions={
        <Button variant="primary" isBusy={command.isPending} onClick={mute}>
          {t("confirm")}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <MuteFields end={end} onEnter={mute} />
        {command.isError ? <ErrorNotice title={t("failed")} error={command.error} /> : null}
      </div>
    </Dialog>
  );
}
