"use client";

import { useQuery } from "@tanstack/react-query";
import { SquareTerminal } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { curlCommand } from "#components/lib/curl-command.ts";
import { useOrigin } from "#components/lib/use-origin.ts";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import { useSettled } from "#components/ui/use-settled.ts";
import type { ActionPreviewDto, RunActionOfferDto } from "#server/contract/processes.ts";
import { type ActionDraft, readDraft } from "./action-draft.ts";
import { ActionFields } from "./action-fields.tsx";
import { ActionPreview } from "./action-preview.tsx";
import { actionsPath, type RunReference, runQueries, useRunAction } from "./run-queries.ts";

const TYPING_MS = 400;

type RunActionDialogProps = { run: RunReference; offer: RunActionOfferDto; onClose: () => void };

/** Says what an action would do to the run as it stands, asks why, and does exactly that, unless the run has moved on. */
export function RunActionDialog({ run, offer: { action, steps }, onClose }: RunActionDialogProps) {
  const t = useTranslations("runActions");
  const origin = useOrigin();
  const [draft, setDraft] = useState<ActionDraft>({
    step: steps[0]?.step ?? null,
    reason: "",
    replyText: "",
    isKeyNew: false,
  });
  const replyText = useSettled(draft.replyText, TYPING_MS) ?? "";
  const planned = readDraft(action, { ...draft, replyText, reason: "" });
  const preview = useQuery(runQueries.preview(run, planned));
  const act = useRunAction(run);
  // What was said before the run moved on holds no more.
  const answer = !preview.isError && preview.data?.kind === "preview" ? preview.data : null;
  const isToldBefore = preview.isError && act.error !== null && codeOf(act.error) === "version-conflict";
  const isRefusedReply = preview.error?.name === "ApiError" && codeOf(preview.error).startsWith("reply-");
  const body = readDraft(action, draft);
  const isSettled = replyText === draft.replyText && !preview.isFetching;
  const isReady =
    answer !== null && body !== null && isSettled && (action === "retry" || draft.reason.trim() !== "");
  const carryOut = () => {
    if (!isReady || act.isPending) return;
    act.mutate(
      { ...body, expectedVersion: answer.version },
      {
        onSuccess: () => {
          showToast({ title: t(`${action}.done`, { step: draft.step ?? "" }), tone: "ok" });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      isWide
      onOpenChange={onClose}
      title={t(`${action}.title`, { step: draft.step ?? "" })}
      description={t(`${action}.body`)}
      actions={
        <>
          <CopyButton
            size="md"
            icon={SquareTerminal}
            label={t("copyCommand")}
            text={() =>
              curlCommand("POST", `${origin}/api/v1${actionsPath(run)}`, {
                ...body,
                ...(answer === null ? { dryRun: true } : { expectedVersion: answer.version }),
              })
            }
          />
          <span className="flex-1" />
          <Button
            variant={action === "retry" || action === "skip" ? "primary" : "danger"}
            disabled={!isReady}
            isBusy={act.isPending}
            onClick={carryOut}
          >
            {answer === null ? t(`${action}.open`) : t(`${action}.confirm`, figuresOf(answer.preview, draft))}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <ActionFields
          action={action}
          steps={steps}
          draft={draft}
          replyProblem={readReplyProblem()}
          onChange={(change) => {
            setDraft({ ...draft, ...change });
            act.reset();
          }}
          onSubmit={carryOut}
        >
          {preview.isFetching && answer === null ? (
            <div role="status" aria-busy aria-label={t("previewing")}>
              <Skeleton className="w-2/3" />
            </div>
          ) : null}
          {preview.isError && !isRefusedReply ? (
            <ErrorNotice title={t("previewFailed")} error={preview.error} onRetry={preview.refetch} />
          ) : null}
          {answer === null ? null : (
            <ActionPreview action={action} preview={answer.preview} letters={answer.letters} />
          )}
        </ActionFields>
        {act.isError && !isToldBefore ? (
          <ErrorNotice
            title={t("failed")}
            error={act.error}
            onRetry={() => {
              act.reset();
              void preview.refetch();
            }}
          />
        ) : null}
      </div>
    </Dialog>
  );

  function readReplyProblem(): string | undefined {
    if (body === null) return t("reply.noJson");
    return isRefusedReply ? preview.error?.message : undefined;
  }
}

/** What the button names: the command that is sent, or how many steps it is about. */
function figuresOf({ commands, compensations, staysDone }: ActionPreviewDto, { step }: ActionDraft) {
  return {
    step: step ?? "",
    command: commands[0]?.type ?? "",
    count: compensations.length,
    stays: staysDone.length,
  };
}

function codeOf(error: object): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}
