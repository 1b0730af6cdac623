import type { useTranslations } from "next-intl";
import type { Format } from "#components/ui/format-context.tsx";
import type { AwaitedWords, Explanation, FailureWords } from "./explain-saga.ts";

export type TraceWords = ReturnType<typeof useTranslations<"trace">>;

type Writer = { t: TraceWords; format: Format; nowMs: number };

/** An explanation in words: the sentence that says it in one look, and what more there is to say. */
export function writeExplanation(
  explanation: Explanation,
  { t, format, nowMs }: Writer,
): { headline: string; details: string[] } {
  const writer = { t, format, nowMs };
  const failure = explanation.failure === null ? [] : writeFailure(explanation.failure, writer);
  switch (explanation.kind) {
    case "completed": {
      const time = writeTime(explanation.atUs, writer);
      const headline = t("why.completed", { time, duration: format.duration(explanation.tookUs / 1000) });
      return { headline, details: failure.length === 0 ? [] : [t("why.gotOver"), ...failure] };
    }
    case "compensated": {
      const { undone, of, atUs } = explanation;
      return {
        headline: t("why.compensated", { undone, of, time: writeTime(atUs, writer) }),
        details: failure,
      };
    }
    case "cancelled":
    case "failed": {
      const { kind, undone, left, atUs } = explanation;
      const failed = undone === 0 ? "failed" : "failedUndone";
      const time = writeTime(atUs, writer);
      const headline = t(`why.${kind === "failed" ? failed : kind}`, { time, undone, left });
      return { headline, details: failure };
    }
    case "open":
      return { headline: t("why.open", { time: writeTime(explanation.sinceUs, writer) }), details: failure };
    case "awaits": {
      const { awaited, isUndoing } = explanation;
      const undoing = isUndoing ? [t("why.undoing")] : [];
      return {
        headline: writeAwaited(awaited, writer),
        details: [...writeLimit(awaited, writer), ...undoing, ...failure],
      };
    }
  }
}

/** A moment as short as it can be told: without its day, if that is today. */
export function writeTime(us: number, { format, nowMs }: Pick<Writer, "format" | "nowMs">): string {
  const ms = us / 1000;
  return format.date(ms) === format.date(nowMs) ? format.clock(ms) : format.minute(ms);
}

function writeAwaited(
  { what, step, service, sinceUs, attempts }: AwaitedWords,
  { t, format, nowMs }: Writer,
): string {
  const time = writeTime(sinceUs, { format, nowMs });
  return t(`why.${what}`, { step, service: service ?? t("why.somebody"), time, attempts });
}

function writeLimit(
  { limitUs, isOverdue, sinceUs, error, others }: AwaitedWords,
  { t, format, nowMs }: Writer,
): string[] {
  const details: string[] = [];
  if (error !== null) details.push(t("why.error", { error }));
  if (limitUs !== null) {
    const limit = format.duration(limitUs / 1000);
    const waited = format.duration(nowMs - sinceUs / 1000);
    details.push(isOverdue ? t("why.overdue", { limit, waited }) : t("why.limit", { limit }));
  }
  if (others > 0) details.push(t("why.others", { count: others }));
  return details;
}

function writeFailure(failure: FailureWords, { t }: Writer): string[] {
  const { reason, type, attempts, asked, error } = failure;
  const isAlone = reason === "failure-event" && failure.step === null;
  const sentence = t(`reasons.${isAlone ? "failure-event-alone" : reason}`, {
    step: failure.step ?? t("why.something"),
    service: failure.service ?? t("why.somebody"),
    type: type ?? "",
    attempts,
    asked,
  });
  return error === null ? [sentence] : [sentence, t("why.error", { error })];
}
