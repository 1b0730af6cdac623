"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { consumerHref } from "#components/shell/destinations.ts";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { BlastRadiusDto, LetterKey } from "#server/contract/dead-letters.ts";
import { DELIVERY_STATUSES } from "#server/domain/delivery.ts";
import { letterQueries } from "./letter-queries.ts";
import { WaitingSagas } from "./waiting-sagas.tsx";

/** What else a dead letter holds up, in sentences. */
export function BlastRadius({ letter }: { letter: LetterKey }) {
  const t = useTranslations("deadLetters.blast");
  const query = useQuery(letterQueries.blastRadius(letter));
  if (query.isPending) {
    return (
      <div role="status" aria-busy aria-label={t("loading")} className="flex flex-col gap-2">
        <Skeleton className="w-2/3" />
        <Skeleton className="w-1/2" />
      </div>
    );
  }
  if (query.isLoadingError) {
    return <ErrorNotice title={t("loadFailed")} error={query.error} onRetry={query.refetch} />;
  }
  return (
    <dl className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-3 gap-y-2 text-sm max-sm:grid-cols-1 max-sm:gap-y-0.5">
      <Steps radius={query.data} />
      <Key radius={query.data} />
      <Line label={t("sagas")}>
        <WaitingSagas radius={query.data} />
      </Line>
      <Consumers radius={query.data} />
      <ReadModels radius={query.data} />
    </dl>
  );
}

type PartProps = { radius: BlastRadiusDto };

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint text-xs leading-5">{label}</dt>
      <dd className="min-w-0 max-sm:mb-2">{children}</dd>
    </>
  );
}

function Steps({ radius: { missingSteps, flowsCompared, flowEvents } }: PartProps) {
  const t = useTranslations("deadLetters.blast");
  const format = useFormat();
  return (
    <Line label={t("steps")}>
      {flowsCompared === 0 ? t("stepsUnknown") : null}
      {flowsCompared > 0 && missingSteps.length === 0 ? t("stepsNone", { flows: flowsCompared }) : null}
      {missingSteps.length === 0 ? null : (
        <>
          <p>{t("stepsMissing", { count: missingSteps.length })}</p>
          <ul className="mt-1 flex flex-col gap-0.5">
            {missingSteps.map(({ type, source, share }) => (
              <li key={`${source} ${type}`} className="flex flex-wrap items-baseline gap-x-2 text-xs">
                <span className="wrap-anywhere font-mono">{type}</span>
                <span className="text-ink-muted">
                  {t("stepShare", { source, share: format.percent(share), flows: flowsCompared })}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {flowEvents.count === 0 ? null : (
        <p className="text-ink-muted text-xs">
          {t(flowEvents.exact ? "flowEvents" : "flowEventsAtLeast", { count: flowEvents.count })}
        </p>
      )}
    </Line>
  );
}

function Key({ radius: { blockedKey } }: PartProps) {
  const t = useTranslations("deadLetters.blast");
  const code = (text: ReactNode) => <code className="wrap-anywhere font-mono text-xs">{text}</code>;
  return (
    <Line label={t("key")}>
      {blockedKey === null
        ? t("keyFree")
        : t.rich(blockedKey.waiting.exact ? "keyBlocked" : "keyBlockedAtLeast", {
            code,
            key: blockedKey.key,
            count: blockedKey.waiting.count,
          })}
    </Line>
  );
}

function Consumers({ radius: { otherConsumers } }: PartProps) {
  const t = useTranslations("deadLetters.blast");
  const statuses = useTranslations("deliveries.statuses");
  return (
    <Line label={t("consumers")}>
      {otherConsumers.length === 0 ? t("consumersNone") : null}
      <ul className="flex flex-wrap gap-x-4">
        {otherConsumers.map(({ consumer, status }) => {
          const known = DELIVERY_STATUSES.find((each) => each === status);
          return (
            <li key={consumer} className="flex items-baseline gap-1.5">
              <Link href={consumerHref(consumer)} prefetch={false} className="text-accent hover:underline">
                {consumer}
              </Link>
              <span className="text-ink-muted text-xs">{known === undefined ? status : statuses(known)}</span>
            </li>
          );
        })}
      </ul>
    </Line>
  );
}

function ReadModels({ radius: { readModels } }: PartProps) {
  const t = useTranslations("deadLetters.blast");
  if (readModels.length === 0) return null;
  return (
    <Line label={t("readModels")}>
      <ul>
        {readModels.map(({ name, hasSeenAll, unseenEvents }) => (
          <li key={name}>
            {hasSeenAll
              ? t("readModelCurrent", { name })
              : t("readModelBehind", { name, count: unseenEvents })}
          </li>
        ))}
      </ul>
    </Line>
  );
}
