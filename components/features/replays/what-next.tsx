"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { MAX_LINKED_LETTERS } from "#components/lib/letter-selection.ts";
import { caseHref } from "#components/shell/destinations.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { LetterSelection } from "#server/contract/dead-letters.ts";
import type { ReplayDto, ReplayItemDto } from "#server/contract/replays.ts";
import { OPEN_STATUSES } from "./open-statuses.ts";
import { planHref } from "./plan-address.ts";
import { replayQueries } from "./replay-queries.ts";

const LINK = "text-accent hover:underline";

/** Once a replay has ended: what is left to do, and the way there. */
export function WhatNext({ replay }: { replay: ReplayDto }) {
  const t = useTranslations("replays.next");
  const { status, totals } = replay;
  const isOver = !OPEN_STATUSES.includes(status) && totals.inFlight === 0;
  return (
    <section
      aria-labelledby="replay-next"
      className="border-line px-3 py-4 max-lg:border-t md:px-4 lg:border-l"
    >
      <h2 id="replay-next" className="mb-2 font-medium text-sm">
        {t("title")}
      </h2>
      {isOver ? (
        <Steps replay={replay} />
      ) : (
        <div className="text-ink-muted text-sm">
          {status === "running" ? <p>{t("goesOn")}</p> : null}
          <p>{t("later")}</p>
        </div>
      )}
    </section>
  );
}

function Steps({ replay }: { replay: ReplayDto }) {
  const t = useTranslations("replays.next");
  const { totals, selection, options } = replay;
  const failedSame = useFailed(replay, "failed-same");
  const failedNew = useFailed(replay, "failed-new");
  const failedCount = totals["failed-same"] + totals["failed-new"];
  const failed = [...failedSame, ...failedNew];
  const canLink = failed.length === failedCount && failedCount <= MAX_LINKED_LETTERS;
  const isDone = failedCount + totals.unknown + totals.left === 0;
  return (
    <>
      <ul className="flex flex-col gap-1 text-sm">
        {isDone ? (
          <li className="flex items-center gap-1.5">
            <CircleCheck aria-hidden className="size-4 shrink-0 text-ok-ink" />
            <span>
              {t("done", { count: totals.itemCount })}{" "}
              {selection.kind === "case" ? (
                <Link href={caseHref(selection.case)} prefetch={false} className={LINK}>
                  {t("resolveCase", { id: selection.case })}
                </Link>
              ) : null}
            </span>
          </li>
        ) : null}
        <FailedCases count={totals["failed-same"]} words="failedSame" failed={failedSame} />
        <FailedCases count={totals["failed-new"]} words="failedNew" failed={failedNew} />
        {totals.unknown === 0 ? null : <li>{t("unknown", { count: totals.unknown })}</li>}
        {totals.left === 0 ? null : <li>{t("left", { count: totals.left })}</li>}
      </ul>
      {isDone ? null : (
        <div className="mt-2 flex flex-wrap gap-2">
          {failedCount > 0 && canLink ? (
            <Link href={planHref(lettersOf(failed), options)} prefetch={false} className={buttonClasses()}>
              {t("replayFailed", { count: failedCount })}
            </Link>
          ) : null}
          {totals.left > 0 || !canLink ? (
            <Link
              href={planHref(withoutCutOff(selection), options)}
              prefetch={false}
              className={buttonClasses()}
            >
              {t("replayRest")}
            </Link>
          ) : null}
        </div>
      )}
    </>
  );
}

/** What failed in an outcome. */
function useFailed(
  { id, totals }: ReplayDto,
  outcome: "failed-same" | "failed-new",
): readonly ReplayItemDto[] {
  const count = totals[outcome];
  const failed = useQuery({ ...replayQueries.failed(id, outcome, count), enabled: count > 0 });
  return count > 0 ? (failed.data?.items ?? []) : [];
}

type FailedCasesProps = {
  count: number;
  words: "failedSame" | "failedNew";
  failed: readonly ReplayItemDto[];
};

/** How many failed in a way, with the cases that they are in; of very many, those of the first. */
function FailedCases({ count, words, failed }: FailedCasesProps) {
  const t = useTranslations("replays.next");
  const format = useFormat();
  if (count === 0) return null;
  const counts = new Map<number, number>();
  for (const { newCase, case: before } of failed) {
    const id = newCase ?? before;
    if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const cases = [...counts].toSorted(([, one], [, other]) => other - one);
  return (
    <li className="flex flex-wrap gap-x-2">
      {t(words, { count })}
      {cases.map(([id, items]) => (
        <Link key={id} href={caseHref(id)} prefetch={false} className={LINK}>
          {t("openCase", { id })}
          {cases.length > 1 ? ` (${format.number(items)}${failed.length < count ? "+" : ""})` : null}
        </Link>
      ))}
    </li>
  );
}

function lettersOf(items: readonly ReplayItemDto[]): LetterSelection {
  return { kind: "letters", letters: items.map(({ position, consumer }) => ({ position, consumer })) };
}

/** What failed again has died anew, after the old cut-off. What succeeded is not parked any more. */
function withoutCutOff(selection: LetterSelection): LetterSelection {
  if (selection.kind === "letters") return selection;
  const { upTo: _, ...rest } = selection;
  return rest;
}
