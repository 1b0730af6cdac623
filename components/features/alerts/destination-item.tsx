"use client";

import { type LucideIcon, Pencil, Send, Trash2 } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { DestinationDto } from "#server/contract/alert-destinations.ts";
import { NoticeBadge } from "./alert-look.tsx";
import { useDeleteDestination, useTestDestination } from "./alert-queries.ts";
import { useFailureWords } from "./use-failure-words.ts";

type DestinationItemProps = { destination: DestinationDto; icon: LucideIcon; onEdit: () => void };

/** One destination, whether it works, and a button that tries it. */
export function DestinationItem({ destination, icon: Icon, onEdit }: DestinationItemProps) {
  const t = useTranslations("alerts.destinations");
  const test = useTestDestination();
  const remove = useDeleteDestination();
  const [isAsking, setIsAsking] = useState(false);
  const languages = new Intl.DisplayNames(useLocale(), { type: "language" });
  const { id, kind, name, address, language, isUsable, rules, last } = destination;
  const failures = useFailureWords();
  const lastFailure = last === null ? null : failures.short(last);
  const failure = test.error ?? remove.error;
  const tryIt = () =>
    test.mutate(id, {
      onSuccess: ({ status, attempts }) =>
        showToast(
          status === "sent"
            ? { title: t("testSent", { name }), tone: "ok" }
            : {
                title: t("testFailed", { name }),
                description: attempts.slice(-1).map(failures.short)[0] ?? undefined,
                tone: "danger",
              },
        ),
    });
  return (
    <li aria-label={name} className="flex flex-col gap-1 border-line border-b bg-surface px-3 py-3 md:px-4">
      <div className="flex flex-wrap items-center gap-2">
        <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
        <h2 className="min-w-0 break-words font-medium">{name}</h2>
        <Badge>{t(`kinds.${kind}`)}</Badge>
        {isUsable ? null : <Badge tone="warn">{t("unusable")}</Badge>}
        <div className="ml-auto flex items-center justify-end gap-2 max-sm:w-full">
          <Button icon={<Send aria-hidden className="size-3.5" />} isBusy={test.isPending} onClick={tryIt}>
            {t("test")}
          </Button>
          <Button icon={<Pencil aria-hidden className="size-3.5" />} onClick={onEdit}>
            {t("edit")}
          </Button>
          <IconButton
            label={t(rules === 0 ? "delete" : "deleteRefused")}
            disabled={rules > 0}
            icon={<Trash2 aria-hidden className="size-4" />}
            onClick={() => setIsAsking(true)}
          />
        </div>
      </div>
      <p className="break-all pl-6 font-mono text-ink-muted text-xs">{address}</p>
      <p className="flex flex-wrap items-center gap-x-2 pl-6 text-ink-muted text-xs">
        <span>{t("rules", { count: rules })}</span>
        <span>{t("writes", { language: languages.of(language) ?? language })}</span>
        {last === null ? null : (
          <span className="inline-flex items-center gap-1.5">
            <NoticeBadge status={last.status} /> <Timestamp at={last.at} shape="relative" />
          </span>
        )}
      </p>
      {isUsable && lastFailure !== null ? (
        <p className="break-words pl-6 text-danger-ink text-xs">{lastFailure}</p>
      ) : null}
      {isUsable ? null : <p className="pl-6 text-warn-ink text-xs">{t("unusableHint")}</p>}
      {failure === null ? null : <ErrorNotice title={t("failed")} error={failure} />}
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title={t("deleteTitle", { name })}
        description={t("deleteHint")}
        confirmLabel={t("delete")}
        isDangerous
        onConfirm={() => {
          setIsAsking(false);
          remove.mutate(id);
        }}
      />
    </li>
  );
}
