"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Field } from "#components/ui/field.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { RewindAnswerDto } from "#server/contract/subscriptions.ts";
import { useRewind } from "./consumer-queries.ts";
import { RewindPreview } from "./rewind-preview.tsx";
import { REWIND_POINTS, type RewindPoint, readRewindTarget } from "./rewind-target.ts";

type RewindDialogProps = { consumer: string; onClose: () => void };

/**
 * Delivers again from an earlier point, in two steps: first the server says what that would do, then the operator
 * types the consumer's name. Another point takes what was agreed to back.
 */
export function RewindDialog({ consumer, onClose }: RewindDialogProps) {
  const t = useTranslations("consumers.rewind");
  const format = useFormat();
  const [point, setPoint] = useState<RewindPoint>("time");
  const [text, setText] = useState("");
  const [typedName, setTypedName] = useState("");
  const preview = useRewind(consumer);
  const rewind = useRewind(consumer);
  const target = readRewindTarget(point, text, format.timeZone);
  const plan = preview.data;

  const change = (next: { point?: RewindPoint; text?: string }) => {
    if (next.point !== undefined) setPoint(next.point);
    setText(next.text ?? "");
    setTypedName("");
    preview.reset();
    rewind.reset();
  };
  const look = () => {
    if (target !== null) preview.mutate({ to: target, dryRun: true });
  };
  const carryOut = ({ confirm }: RewindAnswerDto) => {
    if (target === null) return;
    rewind.mutate(
      { to: target, confirm },
      {
        onSuccess: () => {
          showToast({ title: t("done", { consumer }), tone: "ok" });
          onClose();
        },
      },
    );
  };

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("title", { consumer })}
      description={t("body")}
      actions={
        plan === undefined ? (
          <Button variant="primary" disabled={target === null} isBusy={preview.isPending} onClick={look}>
            {t("look")}
          </Button>
        ) : (
          <Button
            variant="danger"
            disabled={typedName.trim() !== consumer}
            isBusy={rewind.isPending}
            onClick={() => carryOut(plan)}
          >
            {t("confirm")}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-3">
        <Field label={t("from")}>
          {({ id }) => (
            <Select
              id={id}
              value={point}
              options={REWIND_POINTS.map((value) => ({ value, label: t(`points.${value}`) }))}
              onValueChange={(next) => change({ point: next })}
            />
          )}
        </Field>
        {point === "beginning" ? null : (
          <Field
            label={t(`points.${point}`)}
            hint={point === "time" ? t("hints.time", { zone: format.timeZone }) : t("hints.position")}
            error={text.trim() !== "" && target === null ? t(`problems.${point}`) : undefined}
          >
            {(ids) => (
              <Input
                {...ids}
                value={text}
                autoComplete="off"
                spellCheck={false}
                className="w-full font-mono"
                onChange={(event) => change({ text: event.target.value })}
                onKeyDown={(event) => {
                  if (event.key === "Enter") look();
                }}
              />
            )}
          </Field>
        )}
        {preview.isError ? <ErrorNotice title={t("lookFailed")} error={preview.error} /> : null}
        {plan === undefined ? null : (
          <>
            <RewindPreview plan={plan} />
            <Field label={t("typeName", { consumer })}>
              {(ids) => (
                <Input
                  {...ids}
                  value={typedName}
                  autoComplete="off"
                  spellCheck={false}
                  onChange={(event) => setTypedName(event.target.value)}
                />
              )}
            </Field>
          </>
        )}
        {rewind.isError ? <ErrorNotice title={t("failed")} error={rewind.error} onRetry={look} /> : null}
      </div>
    </Dialog>
  );
}
