/** What a call came to, as its caller knows it. */
export const CALL_OUTCOMES = [
  "answered",
  /** The service can't do it now. */
  "busy",
  /** The service will never do it. */
  "refused",
  /** No answer in time: the work may be done all the same. */
  "timed-out",
  "unreachable",
] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** @property ms how long the caller waited */
export type Call = { service: string; outcome: CallOutcome; ms: number };

export type CallSequence = {
  /** In their order; those after a call that failed were never made. */
  calls: Call[];
  /** From the first call until there is an answer: never less than the sum of the calls. */
  responseMs: number;
  /** Services that have done their part. Nobody takes it back. */
  done: string[];
  /** The call that ended it; null when all were answered. */
  failed: Call | null;
};

/** Calls one service after the other, each when the one before has answered, up to the first that does not do its part. */
export async function callInTurn(
  services: readonly string[],
  call: (service: string) => Promise<CallOutcome>,
  elapsedMs: () => number,
): Promise<CallSequence> {
  const startedAt = elapsedMs();
  const calls: Call[] = [];
  for (const service of services) {
    const calledAt = elapsedMs();
    const outcome = await call(service);
    calls.push({ service, outcome, ms: elapsedMs() - calledAt });
    if (outcome !== "answered") break;
  }
  return {
    calls,
    responseMs: elapsedMs() - startedAt,
    done: calls.filter(({ outcome }) => outcome === "answered").map(({ service }) => service),
    failed: calls.find(({ outcome }) => outcome !== "answered") ?? null,
  };
}
