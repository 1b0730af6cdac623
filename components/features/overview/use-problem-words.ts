"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ProblemStandingDto } from "#server/contract/overview.ts";
import type { ProblemKind } from "#server/domain/overview/health.ts";

/** Problems whose amount is a share, or a time in seconds; of the others it is a count. */
const SHARES: readonly ProblemKind[] = ["consumer-failing"];
const TIMES: readonly ProblemKind[] = [
  "consumer-stalled",
  "projection-behind",
  "outbox-behind",
  "source-silent",
];

/** Says what is wrong in one sentence. */
export function useProblemWords() {
  const t = useTranslations("overview.problems");
  const format = useFormat();
  const write = (kind: ProblemKind, amount: number): string => {
    if (SHARES.includes(kind)) return format.percent(amount);
    if (TIMES.includes(kind)) return format.duration(amount * 1000);
    return format.number(Math.round(amount));
  };
  return ({ kind, subject, amount, usual }: ProblemStandingDto) => ({
    sentence: t(`kinds.${kind}`, { subject, amount: write(kind, amount) }),
    usual: usual === null ? null : t("usual", { amount: write(kind, usual) }),
  });
}
