"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { readMoment, toWallClock } from "#components/shell/local-moment.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Field } from "#components/ui/field.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Input } from "#components/ui/input.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import { useNow } from "#components/ui/use-now.ts";
import type { CaseDetailDto, FailureCaseDto } from "#server/contract/failure-cases.ts";
import { useCommandCase } from "./case-queries.ts";
import { MUTE_CHOICES, type MuteChoice, muteEnd } from "./mute-end.ts";

type MuteDialogProps = {
  failureCase: Pick<FailureCaseDto, "id" | "consumer">;
  onDone: (failureCase: CaseDetailDto) => void;
  onClose: () => void;
};

/** Keeps a case out of the way until a moment. What returns is counted all the same. */
export function MuteDialog({ failureCase, onDone, onClose }: MuteDialogProps) {
  const t = useTranslations("deadLetters.mute");
  const format = useFormat();
  const now = useNow();
  const [choice, setChoice] = useState<MuteChoice>("4h");
  const [other, setOther] = useState("");
  const command = useCommandCase();
  const { timeZone } = format;
  const until = muteEnd(choice, other, now, {
    write: (at) => toWallClock(at, timeZone),
    read: (text) => readMoment(text, timeZone),
  });
  const mute = () => {
    if (until === null) return;
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
        <Button variant="primary" disabled={until === null} isBusy={command.isPending} onClick={mute}>
          {t("confirm")}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <div className="overflow-x-auto">
          <SegmentedControl
            label={t("until")}
            value={choice}
            onValueChange={setChoice}
            options={MUTE_CHOICES.map((value) => ({ value, label: t(`choices.${value}`) }))}
          />
        </div>
        {choice === "other" ? (
          <Field
            label={t("choices.other")}
            hint={t("otherHint", { zone: timeZone })}
            error={other.trim() !== "" && until === null ? t("otherProblem") : undefined}
          >
            {(ids) => (
              <Input
                {...ids}
                value={other}
                autoComplete="off"
                spellCheck={false}
                className="w-full font-mono"
                placeholder="2026-01-31 09:00"
                onChange={(event) => setOther(event.target.value)}
                onKeyDown={(event) => {
                  if (event.key === "Enter") mute();
                }}
              />
            )}
          </Field>
        ) : null}
        {until === null ? null : (
          <p role="status" className="text-ink-muted text-sm">
            {t("ends", { time: format.minute(until) })}
          </p>
        )}
        {command.isError ? <ErrorNotice title={t("failed")} error={command.error} /> : null}
      </div>
    </Dialog>
  );
}
