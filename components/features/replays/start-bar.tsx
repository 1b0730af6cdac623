"use client";

import { CalendarClock, Play, SquareTerminal } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useId, useRef, useState } from "react";
import { curlCommand } from "#components/lib/curl-command.ts";
import { useOrigin } from "#components/lib/use-origin.ts";
import { replayHref } from "#components/shell/destinations.ts";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Input } from "#components/ui/input.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import { useErrorWords } from "#components/ui/use-error-words.ts";
import type { ReplayPlanDto } from "#server/contract/replays.ts";
import { ConfirmStart } from "./confirm-start.tsx";
import { currentView, type ReplayRequest, useCreateReplay } from "./replay-queries.ts";
import type { PlanState } from "./use-replay-plan.ts";

const MAX_REASON = 1000;

type StartBarProps = { state: PlanState; isEditWrong: boolean };

/** At the foot of a plan: why, and the start. It takes a plan of exactly what stands in the form, and a reason. */
export function StartBar({ state, isEditWrong }: StartBarProps) {
  const t = useTranslations("replays.start");
  const errorWords = useErrorWords();
  const router = useRouter();
  const origin = useOrigin();
  const reasonId = useId();
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState<{ request: ReplayRequest; plan: ReplayPlanDto } | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const { plan, planned, request, problems } = state;
  const obstacle = obstacleOf(state, isEditWrong, reason);
  const ask = () => {
    if (planned !== null && plan !== undefined && obstacle === null) setAsked({ request: planned, plan });
  };
  const keeping = useCreateReplay();
  const keep = () => {
    if (planned === null) return;
    keeping.mutate(
      { ...planned, reason: reason.trim(), start: false, ...currentView() },
      {
        onSuccess: ({ id }) => router.push(replayHref(id)),
        onError: (error) =>
          showToast({ title: t("notKept"), description: errorWords(error), tone: "danger" }),
      },
    );
  };
  useShortcuts([
    { keys: "w", label: t("why"), group: "page", run: () => field.current?.focus() },
    { keys: "s", label: t("start"), group: "page", run: ask },
  ]);

  return (
    <footer className="z-10 flex shrink-0 flex-wrap items-center gap-2 border-line-strong border-t bg-surface px-3 py-2 md:px-4">
      <div className="flex min-w-0 flex-1 basis-64 items-center gap-2">
        <label htmlFor={reasonId} className="shrink-0 font-medium text-sm">
          {t("why")}
        </label>
        <Input
          id={reasonId}
          ref={field}
          value={reason}
          maxLength={MAX_REASON}
          autoComplete="off"
          placeholder={t("whyHint")}
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={(event) => {
            // Out of the field, keys mean what they mean on the page.
            if (event.key === "Escape" && !event.nativeEvent.isComposing) event.currentTarget.blur();
          }}
        />
      </div>
      <div className="flex min-w-0 items-center gap-2 max-sm:w-full max-sm:flex-wrap max-sm:justify-end">
        <p role="status" className="min-w-0 text-ink-muted text-xs max-sm:min-h-4 max-sm:basis-full">
          {obstacle === null ? "" : t(`obstacles.${obstacle}`)}
        </p>
        {request === null || problems.length > 0 ? null : (
          <CopyButton
            size="md"
            icon={SquareTerminal}
            label={t("copyCommand")}
            text={() =>
              curlCommand("POST", `${origin}/api/v1/replays`, { ...request, reason: reason.trim() })
            }
          />
        )}
        <Button
          disabled={obstacle !== null || keeping.isPending}
          title={t("keepHint")}
          icon={<CalendarClock aria-hidden className="size-3.5" />}
          onClick={keep}
        >
          {t("keep")}
        </Button>
        <Button
          variant="primary"
          disabled={obstacle !== null || keeping.isPending}
          icon={<Play aria-hidden className="size-3.5" />}
          onClick={ask}
        >
          {t("start")}
          <span className="max-sm:hidden">
            <Kbd keys="s" />
          </span>
        </Button>
      </div>
      {asked === null ? null : (
        <ConfirmStart
          {...asked}
          reason={reason.trim()}
          onClose={() => setAsked(null)}
          onStarted={(id) => router.push(replayHref(id))}
        />
      )}
    </footer>
  );
}

/** Why it can't be started as it stands. */
function obstacleOf({ plan, planned, problems, query }: PlanState, isEditWrong: boolean, reason: string) {
  if (problems.length > 0 || isEditWrong) return "wrong" as const;
  if (query.isError) return "failed" as const;
  if (planned === null || plan === undefined) return "planning" as const;
  if (plan.included === 0) return "nothing" as const;
  return reason.trim() === "" ? ("reason" as const) : null;
}
