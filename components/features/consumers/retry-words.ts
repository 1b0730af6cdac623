"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import { longestDelayMs, type RetryPolicy } from "#server/domain/retry-policy.ts";

/** Delays that are spelled out before "and so on". */
const SPELLED_DELAYS = 4;

/** A retry policy as a sentence: how often, after how long, and what then. */
export function useRetryWords() {
  const t = useTranslations("consumers.definition");
  const format = useFormat();
  return (retry: RetryPolicy) => {
    if (retry.retries === 0) return t("noRetry");
    const shown = Math.min(retry.retries, SPELLED_DELAYS);
    const delays = Array.from({ length: shown }, (_, index) =>
      format.duration(longestDelayMs(retry, index + 1)),
    );
    const list = retry.retries > shown ? [...delays, "…"] : delays;
    return t("retryWords", {
      count: retry.retries,
      attempts: retry.retries + 1,
      delays: list.join(t("delayComma")),
      jitter: retry.jitter,
    });
  };
}
