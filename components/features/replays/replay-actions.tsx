"use client";

import { Pause, Play, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import { useErrorWords } from "#components/ui/use-error-words.ts";
import type { ReplayDto } from "#server/contract/replays.ts";
import type { ReplayCommand } from "#server/domain/replays/replay-run.ts";
import { OPEN_STATUSES } from "./open-statuses.ts";
import { useMoveReplay } from "./replay-queries.ts";

const KEYS: Record<ReplayCommand, string> = { start: "s", pause: "p", resume: "p", cancel: "c" };

/** Pausing stops at once, since that is what it is for; what sets deliveries going or ends them is asked for twice. */
export function ReplayActions({ replay }: { replay: ReplayDto }) {
  const t = useTranslations("replays.actions");
  const errorWords = useErrorWords();
  const [asked, setAsked] = useState<Exclude<ReplayCommand, "pause"> | null>(null);
  const move = useMoveReplay(replay.id);
  const commands = commandsOf(replay.status);
  const run = (command: ReplayCommand) => {
    if (command !== "pause") return setAsked(command);
    move.mutate("pause", {
      onError: (error) => showToast({ title: t("failed"), description: errorWords(error), tone: "danger" }),
    });
  };
  useShortcuts(
    commands.map((command) => ({
      keys: KEYS[command],
      label: t(`${command}.open`),
      group: "page" as const,
      run: () => run(command),
    })),
  );
  return (
    <>
      {commands.map((command) => {
        const Icon = ICONS[command];
        return (
          <Button
            key={command}
            variant={command === "cancel" ? "ghost" : "secondary"}
            isBusy={command === "pause" && move.isPending}
            icon={<Icon aria-hidden className="size-3.5" />}
            aria-keyshortcuts={KEYS[command]}
            onClick={() => run(command)}
          >
            {t(`${command}.open`)}
          </Button>
        );
      })}
      {asked === null ? null : (
        <MoveDialog key={asked} command={asked} replay={replay} onClose={() => setAsked(null)} />
      )}
    </>
  );
}

const ICONS = { start: Play, pause: Pause, resume: Play, cancel: X } as const;

function commandsOf(status: ReplayDto["status"]): ReplayCommand[] {
  if (!OPEN_STATUSES.includes(status)) return [];
  if (status === "planned") return ["start", "cancel"];
  return [status === "running" ? "pause" : "resume", "cancel"];
}

type MoveDialogProps = { command: Exclude<ReplayCommand, "pause">; replay: ReplayDto; onClose: () => void };

function MoveDialog({ command, replay, onClose }: MoveDialogProps) {
  const t = useTranslations("replays.actions");
  const move = useMoveReplay(replay.id);
  // It keeps asking what it was opened for, whatever a refresh brings.
  const [{ left, inFlight }] = useState(replay.totals);
  const confirm = () =>
    move.mutate(command, {
      onSuccess: () => {
        showToast({ title: t(`${command}.done`, { id: replay.id }), tone: "ok" });
        onClose();
      },
    });
  return (
    <ConfirmDialog
      open
      isDangerous={command === "cancel"}
      onOpenChange={onClose}
      title={t(`${command}.title`, { id: replay.id })}
      description={
        command === "cancel" ? t("cancel.body", { left, inFlight }) : t(`${command}.body`, { left })
      }
      confirmLabel={t(`${command}.confirm`)}
      isBusy={move.isPending}
      onConfirm={confirm}
    >
      {move.isError ? <ErrorNotice title={t("failed")} error={move.error} /> : null}
    </ConfirmDialog>
  );
}
