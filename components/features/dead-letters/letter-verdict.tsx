"use client";

import { useTranslations } from "next-intl";
import { readErrorDetails } from "#components/event-detail/error-details.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { LetterDetailDto } from "#server/contract/dead-letters.ts";

/** Why a letter died, and when and after how much. */
export function LetterVerdict({ letter }: { letter: LetterDetailDto }) {
  const t = useTranslations("deadLetters.letter");
  const format = useFormat();
  const last = letter.attemptList.findLast(({ error }) => error !== null);
  const answer = last?.error ? readErrorDetails(last.error).bodyExcerpt : undefined;
  return (
    <div className="flex flex-col gap-1.5">
      <p className="wrap-anywhere text-base">
        {last?.error ? (
          <>
            <span className="font-medium font-mono text-danger-ink">{last.error.name}</span>{" "}
            <span className="whitespace-pre-wrap">{last.error.message}</span>
          </>
        ) : (
          <span className="whitespace-pre-wrap">{letter.message}</span>
        )}
      </p>
      {answer === undefined ? null : (
        <div>
          <h3 className="mb-0.5 text-2xs text-ink-faint">{t("answer")}</h3>
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            tabIndex={0}
            className="wrap-anywhere max-h-40 overflow-auto whitespace-pre-wrap rounded-md border border-line bg-sunken px-2.5 py-1.5 font-mono text-xs"
          >
            {answer}
          </pre>
        </div>
      )}
      <p className="text-ink-muted text-xs">
        {t.rich("verdict", {
          time: () => <Timestamp at={letter.diedAt} shape="minute" />,
          attempts: letter.attempts,
        })}{" "}
        {letter.deaths > 1
          ? t.rich("diedAgain", {
              count: letter.deaths,
              time: () => <Timestamp at={letter.firstDiedAt} shape="minute" />,
            })
          : null}{" "}
        {last?.durationMs === null || last === undefined
          ? null
          : t("lastTook", { duration: format.duration(last.durationMs) })}
      </p>
      {letter.status === "parked" && letter.isExternal ? (
        <p className="text-sm text-warn-ink">{t("external")}</p>
      ) : null}
      {letter.status === "parked" && letter.isConsumerEnded ? (
        <p className="text-sm text-warn-ink">{t("consumerEnded")}</p>
      ) : null}
    </div>
  );
}
