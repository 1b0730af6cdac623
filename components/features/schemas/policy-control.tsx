"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { SchemaPolicy } from "#server/contract/schemas.ts";
import { MeasuredNote } from "./measured-note.tsx";
import { schemaQueries, useSetPolicy } from "./schema-queries.ts";

/** Chooses what becomes of events that violate. A change is asked for twice, with what it would have refused. */
export function PolicyControl({ type, policy }: { type: string; policy: SchemaPolicy }) {
  const t = useTranslations("schemas.policy");
  const [wanted, setWanted] = useState<SchemaPolicy | null>(null);
  return (
    <>
      <SegmentedControl
        label={t("label")}
        value={policy}
        onValueChange={(next) => {
          if (next !== policy) setWanted(next);
        }}
        options={[
          { value: "observe", label: t("observe") },
          { value: "enforce", label: t("enforce") },
        ]}
      />
      {wanted === null ? null : <PolicyDialog type={type} wanted={wanted} onClose={() => setWanted(null)} />}
    </>
  );
}

type PolicyDialogProps = { type: string; wanted: SchemaPolicy; onClose: () => void };

function PolicyDialog({ type, wanted, onClose }: PolicyDialogProps) {
  const t = useTranslations("schemas.policy");
  const setPolicy = useSetPolicy(type);
  const isEnforcing = wanted === "enforce";
  const measured = useQuery({ ...schemaQueries.measured(type), enabled: isEnforcing });
  const words = isEnforcing ? "toEnforce" : "toObserve";
  const confirm = () =>
    setPolicy.mutate(wanted, {
      onSuccess: () => {
        showToast({ title: t(`${words}.done`, { type }), tone: "ok" });
        onClose();
      },
    });
  return (
    <ConfirmDialog
      open
      isDangerous={(measured.data?.measured.violating ?? 0) > 0}
      onOpenChange={onClose}
      title={t(`${words}.title`, { type })}
      description={t(`${words}.body`)}
      confirmLabel={t(`${words}.confirm`)}
      isBusy={setPolicy.isPending || measured.isLoading}
      onConfirm={confirm}
    >
      {measured.isLoading ? (
        <div role="status" aria-busy aria-label={t("measuring")} className="flex flex-col gap-2">
          <Skeleton className="w-2/3" />
          <Skeleton className="w-1/2" />
        </div>
      ) : null}
      {measured.isError ? <ErrorNotice title={t("measureFailed")} error={measured.error} /> : null}
      {isEnforcing && measured.data ? <MeasuredNote measured={measured.data.measured} as="refused" /> : null}
      {setPolicy.isError ? <ErrorNotice title={t("failed")} error={setPolicy.error} /> : null}
    </ConfirmDialog>
  );
}
