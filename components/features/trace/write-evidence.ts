import type { Format } from "#components/ui/format-context.tsx";
import type { SagaEvidence } from "#server/domain/sagas/saga.ts";
import type { TraceWords } from "./write-explanation.ts";

/** One piece of evidence in words, with its numbers. */
export function writeEvidence(
  { kind, numbers }: SagaEvidence,
  { t, format }: { t: TraceWords; format: Format },
): string {
  const of = (name: string) => numbers[name] ?? 0;
  return t(`evidence.${kind}`, {
    ...numbers,
    steps: of("steps"),
    known: of("known"),
    mediators: of("mediators"),
    services: of("services"),
    commands: of("commands"),
    answered: of("answered"),
    attempts: of("attempts"),
    asked: of("asked"),
    compensations: of("compensations"),
    open: of("open"),
    undone: of("undone"),
    flows: of("flows"),
    needed: of("needed"),
    replayed: of("replayed"),
    succeeded: of("succeeded"),
    gaps: of("gaps"),
    events: of("events"),
    reversed: of("reversed") === 1 ? "yes" : "no",
    confidence: format.percent(of("confidence")),
    share: format.percent(of("share")),
    waited: format.duration(of("waitedUs") / 1000),
    limit: format.duration(of("p99Us") / 1000),
    time: format.time(of("atUs") / 1000),
  });
}
