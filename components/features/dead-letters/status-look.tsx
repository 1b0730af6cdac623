"use client";

import {
  Archive,
  BellOff,
  CircleAlert,
  CircleCheck,
  Flame,
  MailWarning,
  RefreshCw,
  Undo2,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { StateBadge, type StateLook } from "#components/ui/state-badge.tsx";
import type { FailureCaseDto } from "#server/contract/failure-cases.ts";
import type { DeadLetterStatus } from "#server/domain/dead-letter.ts";
import type { CaseStatus } from "#server/domain/failures/failure-case.ts";

const CASE_LOOKS: Record<CaseStatus, StateLook> = {
  open: { icon: CircleAlert, tone: "warn" },
  muted: { icon: BellOff, tone: "neutral" },
  resolved: { icon: CircleCheck, tone: "ok" },
};

const LETTER_LOOKS: Record<DeadLetterStatus, StateLook> = {
  parked: { icon: MailWarning, tone: "danger" },
  replaying: { icon: RefreshCw, tone: "info" },
  resolved: { icon: CircleCheck, tone: "ok" },
  discarded: { icon: Archive, tone: "neutral" },
};

type CaseFacts = Pick<FailureCaseDto, "status" | "mutedUntil" | "isFailingNow" | "returns">;

/** Where a case stands; a muted one says until when. */
export function CaseStatusBadge({ failureCase: { status, mutedUntil } }: { failureCase: CaseFacts }) {
  const t = useTranslations("deadLetters.case");
  const format = useFormat();
  const hint =
    mutedUntil === null ? t(`statusHints.${status}`) : t("mutedUntil", { time: format.dateTime(mutedUntil) });
  return <StateBadge look={CASE_LOOKS[status]} label={t(`statuses.${status}`)} hint={hint} />;
}

/** That it fails right now; nothing for a case that doesn't. */
export function FailingNowBadge({ failureCase }: { failureCase: CaseFacts }) {
  const t = useTranslations("deadLetters.case");
  if (!failureCase.isFailingNow) return null;
  return (
    <span title={t("failingNowHint")} className="inline-flex">
      <Badge tone="danger" icon={<Flame aria-hidden className="size-3" />}>
        <span className="max-sm:sr-only">{t("failingNow")}</span>
      </Badge>
    </span>
  );
}

/** How often it returned after it was resolved; nothing for a case that never did. */
export function ReturnsBadge({ failureCase: { returns } }: { failureCase: CaseFacts }) {
  const t = useTranslations("deadLetters.case");
  if (returns === 0) return null;
  return (
    <span title={t("returnsHint", { count: returns })} className="inline-flex">
      <Badge tone="warn" icon={<Undo2 aria-hidden className="size-3" />}>
        {t("returns", { count: returns })}
      </Badge>
    </span>
  );
}

/** Where a dead letter stands. */
export function LetterStatusBadge({ status }: { status: DeadLetterStatus }) {
  const t = useTranslations("deadLetters.letter");
  return (
    <StateBadge
      look={LETTER_LOOKS[status]}
      label={t(`statuses.${status}`)}
      hint={t(`statusHints.${status}`)}
    />
  );
}
