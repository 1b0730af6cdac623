"use client";

import { Layers, MailWarning, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { caseHref, letterHref, newReplayHref, replayHref } from "#components/shell/destinations.ts";
import type { TraceLetterDto } from "#server/contract/sagas.ts";
import { ITEM_OUTCOMES } from "#server/domain/replays/replay-run.ts";

/** More are listed among the dead letters. */
const MOST_SHOWN = 3;

/** From a trace to the dead letters on its way, to their failure cases, and to what was replayed. */
export function LetterLinks({ letters }: { letters: readonly TraceLetterDto[] }) {
  const t = useTranslations("trace.letter");
  if (letters.length === 0) return null;
  const shown = letters.toSorted((a, b) => Number(isDone(a)) - Number(isDone(b))).slice(0, MOST_SHOWN);
  return (
    <nav aria-label={t("label")} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs">
      {shown.map((letter) => (
        <span
          key={`${letter.position} ${letter.consumer}`}
          className="flex flex-wrap items-center gap-x-3 gap-y-1"
        >
          <IconLink href={letterHref(letter)} icon={<MailWarning aria-hidden className="size-3.5" />}>
            {letters.length === 1 ? t("open") : t("openOf", { consumer: letter.consumer })}
          </IconLink>
          {letter.status === "parked" ? (
            <IconLink
              href={newReplayHref({
                kind: "letters",
                letters: [{ position: letter.position, consumer: letter.consumer }],
              })}
              icon={<RotateCcw aria-hidden className="size-3.5" />}
            >
              {t("plan")}
            </IconLink>
          ) : null}
          {letter.caseId === null ? null : (
            <IconLink href={caseHref(letter.caseId)} icon={<Layers aria-hidden className="size-3.5" />}>
              {t("case", { id: letter.caseId })}
            </IconLink>
          )}
          <ReplayLinks letter={letter} />
        </span>
      ))}
    </nav>
  );
}

function isDone({ status }: TraceLetterDto): boolean {
  return status === "resolved" || status === "discarded";
}

/** The replays that a dead letter was in, with what came of it. */
function ReplayLinks({ letter }: { letter: TraceLetterDto }) {
  const t = useTranslations("trace.letter");
  const words = useTranslations("deadLetters.history.outcomes");
  return letter.replays.map(({ id, outcome }) => {
    const known = ITEM_OUTCOMES.find((each) => each === outcome) ?? "none";
    return (
      <IconLink key={id} href={replayHref(Number(id))} icon={<RotateCcw aria-hidden className="size-3.5" />}>
        {t("replay", { id, outcome: words(known) })}
      </IconLink>
    );
  });
}

type IconLinkProps = { href: string; icon: ReactNode; children: ReactNode };

function IconLink({ href, icon, children }: IconLinkProps) {
  return (
    <Link
      href={href}
      prefetch={false}
      className="inline-flex items-center gap-1 text-accent hover:underline pointer-coarse:min-h-9"
    >
      {icon}
      {children}
    </Link>
  );
}
