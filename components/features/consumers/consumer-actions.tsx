"use client";

import { History, Pause, Pencil, Play, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { ChannelDto } from "#server/contract/bus.ts";
import type { SubscriptionStatusDto } from "#server/contract/subscriptions.ts";
import { useBoundedCount } from "./consumer-look.tsx";
import { useSetPaused } from "./consumer-queries.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { RewindDialog } from "./rewind-dialog.tsx";
import { SubscriptionDialog } from "./subscription-dialog.tsx";

type Asked = "pause" | "rewind" | "edit" | "delete" | null;

type ConsumerActionsProps = {
  consumer: SubscriptionStatusDto;
  channels: readonly ChannelDto[];
  onDeleted: () => void;
};

/** What can be done with a consumer. Everything that changes deliveries is asked for twice. */
export function ConsumerActions({ consumer, channels, onDeleted }: ConsumerActionsProps) {
  const t = useTranslations("consumers.actions");
  const [asked, setAsked] = useState<Asked>(null);
  const close = () => setAsked(null);
  const isPaused = consumer.state === "paused";
  const isExternal = consumer.state === "external";
  return (
    <div className="flex flex-wrap gap-2 px-3 py-2 md:px-4">
      {isExternal ? null : (
        <>
          <Button
            icon={
              isPaused ? (
                <Play aria-hidden className="size-3.5" />
              ) : (
                <Pause aria-hidden className="size-3.5" />
              )
            }
            onClick={() => setAsked("pause")}
          >
            {t(isPaused ? "resume" : "pause")}
          </Button>
          <Button icon={<History aria-hidden className="size-3.5" />} onClick={() => setAsked("rewind")}>
            {t("rewind")}
          </Button>
        </>
      )}
      <Button icon={<Pencil aria-hidden className="size-3.5" />} onClick={() => setAsked("edit")}>
        {t("edit")}
      </Button>
      <Button
        variant="ghost"
        icon={<Trash2 aria-hidden className="size-3.5" />}
        onClick={() => setAsked("delete")}
      >
        <span className="max-sm:sr-only">{t("delete")}</span>
      </Button>
      {asked === "pause" ? <PauseDialog consumer={consumer} onClose={close} /> : null}
      {asked === "rewind" ? <RewindDialog consumer={consumer.consumer} onClose={close} /> : null}
      {asked === "edit" ? (
        <SubscriptionDialog subscription={consumer} channels={channels} names={[]} onClose={close} />
      ) : null}
      {asked === "delete" ? <DeleteDialog consumer={consumer} onClose={close} onDeleted={onDeleted} /> : null}
    </div>
  );
}

type PauseDialogProps = { consumer: SubscriptionStatusDto; onClose: () => void };

/** Asks before deliveries stop, or go on: either changes what another system gets. */
function PauseDialog({ consumer: { consumer, state, backlog }, onClose }: PauseDialogProps) {
  const t = useTranslations("consumers.pause");
  const bounded = useBoundedCount();
  const setPaused = useSetPaused(consumer);
  // The dialog keeps asking what it was opened for, whatever a refresh brings.
  const [isResuming] = useState(state === "paused");
  const [waiting] = useState(backlog === null ? "0" : bounded(backlog));
  const words = isResuming ? "resume" : "pause";
  const confirm = () =>
    setPaused.mutate(!isResuming, {
      onSuccess: () => {
        showToast({ title: t(`${words}.done`, { consumer }), tone: "ok" });
        onClose();
      },
    });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t(`${words}.title`, { consumer })}
      description={t(`${words}.body`, { waiting })}
      confirmLabel={t(`${words}.confirm`)}
      isBusy={setPaused.isPending}
      onConfirm={confirm}
    >
      {setPaused.isError ? <ErrorNotice title={t("failed")} error={setPaused.error} /> : null}
    </ConfirmDialog>
  );
}
