"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { standingOf } from "#components/lib/saga-standing.ts";
import { SagaStateBadge } from "#components/lib/saga-state.tsx";
import { useStandingWords } from "#components/lib/use-standing-words.ts";
import { traceHref } from "#components/shell/destinations.ts";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { BlastRadiusDto } from "#server/contract/dead-letters.ts";

type WaitingSagasProps = { radius: Pick<BlastRadiusDto, "waitingSagas" | "waitingProcesses"> };

/** The sagas of the letter's flow that have not ended, with where each stands, and runs that are not recognised yet. */
export function WaitingSagas({ radius: { waitingSagas, waitingProcesses } }: WaitingSagasProps) {
  const t = useTranslations("deadLetters.blast");
  const words = useStandingWords();
  const unrecognised = waitingProcesses.filter(
    ({ name, businessKey }) => !waitingSagas.some((saga) => saga.name === name && saga.key === businessKey),
  );
  if (waitingSagas.length + unrecognised.length === 0) return t("sagasNone");
  return (
    <ul className="flex flex-col gap-1">
      {waitingSagas.map((saga) => (
        <li key={saga.id} className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
          <SagaStateBadge state={saga.state} />
          <Link
            href={traceHref(saga.reference)}
            prefetch={false}
            className="wrap-anywhere font-mono text-accent text-xs hover:underline"
          >
            {saga.key ?? saga.reference.value}
          </Link>
          <span className="wrap-anywhere text-ink-muted text-xs">
            {saga.name} · {words(standingOf(saga))} · <Timestamp at={saga.since} shape="relative" />
          </span>
        </li>
      ))}
      {unrecognised.map(({ id, name, businessKey, step, since }) => (
        <li key={id}>
          {t.rich("process", {
            name,
            businessKey,
            step: step ?? "–",
            time: () => <Timestamp at={since} shape="relative" />,
          })}
        </li>
      ))}
    </ul>
  );
}
