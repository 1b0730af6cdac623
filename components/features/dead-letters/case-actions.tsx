"use client";

import {
  Archive,
  Bell,
  BellOff,
  CircleCheck,
  Link2,
  ListChecks,
  RotateCcw,
  SquareTerminal,
  Undo2,
} from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { curlCommand } from "#components/lib/curl-command.ts";
import { newReplayHref, newRuleHref } from "#components/shell/destinations.ts";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import type { CaseDetailDto } from "#server/contract/failure-cases.ts";
import { LetterActionDialog } from "./letter-action-dialog.tsx";
import { MuteDialog } from "./mute-dialog.tsx";
import { OwnerDialog } from "./owner-dialog.tsx";
import { useResolveCase } from "./use-resolve-case.ts";

type Asked = "mute" | "discard" | "owner" | null;
const NOTHING = () => {};

/** What can be done with a case. Nothing that reaches a consumer happens from here: a replay is planned first. */
export function CaseActions({ failureCase }: { failureCase: CaseDetailDto }) {
  const t = useTranslations("deadLetters.case.actions");
  const keys = useTranslations("deadLetters.cases.keys");
  const router = useRouter();
  const [asked, setAsked] = useState<Asked>(null);
  const resolve = useResolveCase(NOTHING);
  const { id, status, upTo } = failureCase;
  const selection = { kind: "case" as const, case: id, upTo };
  const close = () => setAsked(null);
  const toggleMute = () => (status === "muted" ? resolve.unmute(failureCase) : setAsked("mute"));
  useShortcuts([
    { keys: "r", label: keys("replay"), group: "page", run: () => router.push(newReplayHref(selection)) },
    { keys: "m", label: keys("mute"), group: "page", run: toggleMute },
    { keys: "o", label: keys("owner"), group: "page", run: () => setAsked("owner") },
    { keys: "e", label: keys("resolve"), group: "page", run: () => resolve.toggle(failureCase) },
  ]);
  return (
    <>
      <Link href={newReplayHref(selection)} className={buttonClasses("primary")}>
        <RotateCcw aria-hidden className="size-3.5" />
        {t("replay")}
      </Link>
      <Button icon={<Archive aria-hidden className="size-3.5" />} onClick={() => setAsked("discard")}>
        {t("discard")}
      </Button>
      {status === "resolved" ? null : (
        <Button
          icon={
            status === "muted" ? (
              <Bell aria-hidden className="size-3.5" />
            ) : (
              <BellOff aria-hidden className="size-3.5" />
            )
          }
          onClick={toggleMute}
        >
          {t(status === "muted" ? "unmute" : "mute")}
        </Button>
      )}
      <Button
        icon={
          status === "resolved" ? (
            <Undo2 aria-hidden className="size-3.5" />
          ) : (
            <CircleCheck aria-hidden className="size-3.5" />
          )
        }
        isBusy={resolve.isPending}
        onClick={() => resolve.toggle(failureCase)}
      >
        {t(status === "resolved" ? "reopen" : "resolve")}
      </Button>
      <Link href={newRuleHref(failureCase)} className={buttonClasses("ghost")}>
        <ListChecks aria-hidden className="size-3.5" />
        {t("rule")}
      </Link>
      <span className="flex">
        <CopyButton size="md" icon={Link2} label={t("copyLink")} text={() => location.href} />
        <CopyButton
          size="md"
          icon={SquareTerminal}
          label={t("copyCurl")}
          text={() => curlCommand("POST", `${location.origin}/api/v1/replays`, { selection, dryRun: true })}
        />
      </span>
      {asked === "mute" ? <MuteDialog failureCase={failureCase} onDone={NOTHING} onClose={close} /> : null}
      {asked === "owner" ? <OwnerDialog failureCase={failureCase} onDone={NOTHING} onClose={close} /> : null}
      {asked === "discard" ? (
        <LetterActionDialog action="discard" selection={selection} onClose={close} />
      ) : null}
    </>
  );
}
