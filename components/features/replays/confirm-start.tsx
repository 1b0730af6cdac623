"use client";

import { useTranslations } from "next-intl";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { ReplayPlanDto } from "#server/contract/replays.ts";
import { currentView, type ReplayRequest, useCreateReplay } from "./replay-queries.ts";

const MAX_NAMED = 5;

type ConfirmStartProps = {
  /** What is started, as it was planned when the dialog opened: nothing changes it while it is read. */
  request: ReplayRequest;
  plan: ReplayPlanDto;
  reason: string;
  onClose: () => void;
  onStarted: (id: number) => void;
};

/** Says once more how many go to whom, before anything is delivered. */
export function ConfirmStart({ request, plan, reason, onClose, onStarted }: ConfirmStartProps) {
  const t = useTranslations("replays.confirm");
  const format = useFormat();
  const start = useCreateReplay();
  const { options } = request;
  const [named, others] = [plan.consumers.slice(0, MAX_NAMED), plan.consumers.length - MAX_NAMED];
  const confirm = () => {
    start.mutate(
      { ...request, reason, start: true, ...currentView() },
      {
        onSuccess: ({ id }) => {
          showToast({ title: t("started", { id }), tone: "ok" });
          onStarted(id);
        },
      },
    );
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(isOpen) => {
        if (!isOpen && !start.isPending) onClose();
      }}
      title={t("title", { count: plan.included })}
      description={
        <div className="flex flex-col gap-2">
          <ul aria-label={t("consumers")} className="flex flex-col gap-0.5 text-ink">
            {named.map(({ consumer, items }) => (
              <li key={consumer} className="flex justify-between gap-4">
                <span className="wrap-anywhere min-w-0 font-medium">{consumer}</span>
                <span className="shrink-0 tabular-nums">{t("items", { count: items })}</span>
              </li>
            ))}
            {others > 0 ? <li>{t("others", { count: others })}</li> : null}
          </ul>
          {options.to === "all" ? <p>{t("all")}</p> : null}
          {options.edit === null ? null : <p>{t("edited")}</p>}
          <p>
            {options.canary === 0 || options.canary >= plan.included
              ? t("atOnce")
              : t("canary", { count: options.canary })}
          </p>
          <p>
            {options.stop === null
              ? t("neverStops")
              : t("stops", { share: format.percent(options.stop.share) })}
          </p>
          {plan.warnings.length === 0 ? null : (
            <p className="text-warn-ink">{t("warned", { count: plan.warnings.length })}</p>
          )}
          <p>{t("canPause")}</p>
        </div>
      }
      confirmLabel={t("confirm", { count: plan.included })}
      isBusy={start.isPending}
      onConfirm={confirm}
    >
      {start.isError ? <ErrorNotice title={t("failed")} error={start.error} /> : null}
    </ConfirmDialog>
  );
}
