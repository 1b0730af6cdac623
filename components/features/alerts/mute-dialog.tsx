"use client";

import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { MuteFields, useMuteEnd } from "#components/shell/mute-fields.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Field } from "#components/ui/field.tsx";
import { focusFirstInvalid } from "#components/ui/focus-first-invalid.ts";
import { Input } from "#components/ui/input.tsx";

/** What the server takes at most. */
const REASON_CHARACTERS = 1_000;

type MuteDialogProps = {
  name: string;
  isBusy: boolean;
  error: Error | null;
  onMute: (until: string, reason: string) => void;
  onClose: () => void;
};

/** Tells nobody of an alert, or of those of a rule, until a moment; with a reason for whoever wonders why. */
export function MuteDialog({ name, isBusy, error, onMute, onClose }: MuteDialogProps) {
  const t = useTranslations("alerts.mute");
  const end = useMuteEnd();
  const [reason, setReason] = useState("");
  const [isTried, setIsTried] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  const isUnexplained = reason.trim() === "";
  const mute = () => {
    end.tell();
    setIsTried(true);
    if (end.until === null || isUnexplained) focusFirstInvalid(form.current);
    else onMute(end.until, reason.trim());
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("title", { name })}
      description={t("body")}
      actions={
        <Button variant="primary" isBusy={isBusy} onClick={mute}>
          {t("confirm")}
        </Button>
      }
    >
      <div ref={form} className="flex flex-col gap-3">
        <MuteFields end={end} onEnter={mute} />
        <Field
          label={t("reason")}
          hint={t("reasonHint")}
          error={isTried && isUnexplained ? t("reasonEmpty") : undefined}
        >
          {(ids) => (
            <Input
              {...ids}
              autoComplete="off"
              value={reason}
              maxLength={REASON_CHARACTERS}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {error === null ? null : <ErrorNotice title={t("failed")} error={error} />}
      </div>
    </Dialog>
  );
}
