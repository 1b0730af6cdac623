"use client";

import { useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { CorrelationPathDto } from "#server/contract/sagas.ts";
import { CorrelationForm } from "./correlation-form.tsx";
import { correlationQueries, useDeleteCorrelationPath } from "./saga-queries.ts";

/** How events are told to belong to one flow, and where in payloads that is looked for. */
export function CorrelationSheet({ onClose }: { onClose: () => void }) {
  const t = useTranslations("sagas.correlation");
  const paths = useQuery(correlationQueries.paths());
  const [asked, setAsked] = useState<CorrelationPathDto | null>(null);
  return (
    <Sheet open onOpenChange={onClose} title={t("title")}>
      <div className="flex flex-col gap-4 p-4">
        <div className="text-ink-muted text-sm">
          <p>{t("how")}</p>
          <ol className="mt-1.5 list-decimal pl-5">
            <li>{t("first")}</li>
            <li>{t("second")}</li>
            <li>{t("third")}</li>
          </ol>
          <p className="mt-1.5">{t("fromNow")}</p>
        </div>
        <CorrelationForm />
        <section aria-label={t("paths")}>
          <h3 className="mb-1 font-medium text-sm">{t("paths")}</h3>
          <QueryNotices
            query={paths}
            rows={3}
            loading={t("loading")}
            failed={t("loadFailed")}
            onRetry={paths.refetch}
          />
          {paths.data?.paths.length === 0 ? <p className="text-ink-muted text-sm">{t("none")}</p> : null}
          <ul className="flex flex-col divide-y divide-line">
            {paths.data?.paths.map((each) => (
              <li key={each.id} className="flex items-center gap-2 py-1.5">
                <span className="flex min-w-0 flex-1 flex-col">
                  <span className="wrap-anywhere font-mono text-xs">{each.path}</span>
                  <span className="wrap-anywhere text-ink-muted text-xs">
                    {t("of", { type: each.type })} · <Timestamp at={each.createdAt} shape="minute" />
                  </span>
                </span>
                <IconButton
                  label={t("delete", { path: each.path })}
                  icon={<Trash2 aria-hidden className="size-4" />}
                  onClick={() => setAsked(each)}
                />
              </li>
            ))}
          </ul>
        </section>
      </div>
      {asked === null ? null : <DeletePath path={asked} onClose={() => setAsked(null)} />}
    </Sheet>
  );
}

function DeletePath({
  path: { id, path, type },
  onClose,
}: {
  path: CorrelationPathDto;
  onClose: () => void;
}) {
  const t = useTranslations("sagas.correlation");
  const remove = useDeleteCorrelationPath();
  return (
    <ConfirmDialog
      open
      isDangerous
      onOpenChange={onClose}
      title={t("deleteTitle", { path })}
      description={t("deleteBody", { type })}
      confirmLabel={t("deleteConfirm")}
      isBusy={remove.isPending}
      onConfirm={() =>
        remove.mutate(id, {
          onSuccess: () => {
            showToast({ title: t("deleted", { path }), tone: "ok" });
            onClose();
          },
        })
      }
    >
      {remove.isError ? <ErrorNotice title={t("deleteFailed")} error={remove.error} /> : null}
    </ConfirmDialog>
  );
}
