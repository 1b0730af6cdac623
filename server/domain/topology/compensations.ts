import { type Edge, readNames } from "./direction.ts";

/** Of the flows with the step: those in which the service had done something else for the mediator before. */
const REVISITED_SHARE = 0.8;
/** Of the mediator's flows: a step that more of them have is part of its usual way. */
const USUAL_SHARE = 0.9;
/** Of a step's answers: a type that comes less often is not the usual one. */
const UNUSUAL_ANSWER_SHARE = 0.5;
/** Of the times that the step was taken: those that must show that something had gone wrong. */
const PROOF_SHARE = 0.5;

/**
 * The steps of a mediator that take others back: they go to a service that had done its step before, in some flows
 * only, and either after an answer that is not the usual one (or none at all), or several in reverse.
 */
export function findCompensations(
  steps: readonly Edge[],
  { flows, edges }: { flows: number; edges: readonly Edge[] },
): Set<Edge> {
  const found = new Set<Edge>();
  const candidates = steps.filter(
    (step) => step.revisits >= REVISITED_SHARE * step.flows && step.flows < USUAL_SHARE * flows,
  );
  // A compensation may follow another one, so each round may find more.
  for (let size = -1; size < found.size; ) {
    size = found.size;
    for (const step of candidates) {
      const isReversed = step.reversed >= PROOF_SHARE * step.revisits;
      if (isReversed || failuresBefore(step, { edges, found }) >= PROOF_SHARE * step.events) found.add(step);
    }
  }
  return found;
}

/** How often the step was taken upon an unusual answer, upon that of a compensation, or upon none. */
function failuresBefore(
  step: Edge,
  { edges, found }: { edges: readonly Edge[]; found: ReadonlySet<Edge> },
): number {
  let failures = step.events - step.gated;
  for (const [key, count] of Object.entries(step.after)) {
    const [answerer = "", type = ""] = readNames(key);
    const asked = edges.filter(
      (edge) =>
        edge.emitter === step.emitter && edge.receiver === answerer && Object.hasOwn(edge.replies, type),
    );
    if (asked.some((edge) => found.has(edge) || isUnusual(edge, type))) failures += count;
  }
  return failures;
}

function isUnusual({ replies }: Edge, type: string): boolean {
  const all = Object.values(replies).reduce((sum, count) => sum + count, 0);
  return (replies[type] ?? 0) < UNUSUAL_ANSWER_SHARE * all;
}
