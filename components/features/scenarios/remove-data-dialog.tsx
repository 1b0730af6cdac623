"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Figure, FigureList } from "#components/ui/figure.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { RemoveDataAnswerDto, ScenarioName } from "#server/contract/scenarios.ts";
import { useRemoveData } from "./scenario-queries.ts";

const COUNTED = [
  "events",
  "deliveries",
  "attempts",
  "processes",
  "subscriptions",
  "channels",
  "streams",
] as const;

/** Removes what a system wrote, in two steps: first the server counts it, then it is agreed to. */
export function RemoveDataDialog({ name, onClose }: { name: ScenarioName; onClose: () => void }) {
  const t = useTranslations("scenarios");
  const format = useFormat();
  const preview = useRemoveData(name);
  const remove = useRemoveData(name);
  const plan = preview.data;
  const look = () => {
    remove.reset();
    preview.mutate({ dryRun: true });
  };
  const carryOut = ({ confirm }: RemoveDataAnswerDto) =>
    remove.mutate(
      { dryRun: false, confirm },
      {
        onSuccess: () => {
          showToast({ title: t("remove.done", { name: t(`systems.${name}.title`) }), tone: "ok" });
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("remove.title", { name: t(`systems.${name}.title`) })}
      description={t("remove.body")}
      actions={
        plan === undefined ? (
          <Button variant="primary" isBusy={preview.isPending} onClick={look}>
            {t("remove.look")}
          </Button>
        ) : (
          <Button variant="danger" isBusy={remove.isPending} onClick={() => carryOut(plan)}>
            {t("remove.confirm")}
          </Button>
        )
      }
    >
      {plan === undefined ? null : (
        <FigureList>
          {COUNTED.map((what) => (
            <Figure key={what} label={t(`remove.${what}`)}>
              {format.number(plan[what])}
            </Figure>
          ))}
        </FigureList>
      )}
      {preview.isError ? <ErrorNotice title={t("remove.failed")} error={preview.error} /> : null}
      {remove.isError ? <ErrorNotice title={t("remove.failed")} error={remove.error} onRetry={look} /> : null}
    </Dialog>
  );
}
