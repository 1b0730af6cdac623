"use client";

import { Archive, ArchiveRestore, FilePen, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { newReplayHref } from "#components/shell/destinations.ts";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import type { LetterDetailDto } from "#server/contract/dead-letters.ts";
import { LetterActionDialog } from "./letter-action-dialog.tsx";

type LetterActionsProps = {
  letter: Pick<LetterDetailDto, "position" | "consumer" | "status" | "isExternal" | "isConsumerEnded">;
};

/** What can be done with one letter as it stands. */
export function LetterActions({ letter }: LetterActionsProps) {
  const t = useTranslations("deadLetters.letter.actions");
  const [isAsking, setIsAsking] = useState(false);
  const { position, consumer, status } = letter;
  const selection = { kind: "letters" as const, letters: [{ position, consumer }] };
  const isReplayable = status === "parked" && !letter.isExternal && !letter.isConsumerEnded;
  return (
    <>
      {isReplayable ? (
        <>
          <Link href={newReplayHref(selection)} className={buttonClasses("primary")}>
            <RotateCcw aria-hidden className="size-3.5" />
            {t("replay")}
          </Link>
          <Link href={newReplayHref(selection, { edits: true })} className={buttonClasses()}>
            <FilePen aria-hidden className="size-3.5" />
            {t("edit")}
          </Link>
        </>
      ) : null}
      {status === "parked" ? (
        <Button icon={<Archive aria-hidden className="size-3.5" />} onClick={() => setIsAsking(true)}>
          {t("discard")}
        </Button>
      ) : null}
      {status === "discarded" ? (
        <Button icon={<ArchiveRestore aria-hidden className="size-3.5" />} onClick={() => setIsAsking(true)}>
          {t("restore")}
        </Button>
      ) : null}
      {isAsking ? (
        <LetterActionDialog
          action={status === "discarded" ? "restore" : "discard"}
          selection={selection}
          onClose={() => setIsAsking(false)}
        />
      ) : null}
    </>
  );
}
