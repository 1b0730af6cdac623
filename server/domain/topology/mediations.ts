import { quantile } from "../log-histogram.ts";
import { findCompensations } from "./compensations.ts";
import type { Direction, Director, Edge } from "./direction.ts";
import type { Counts, FlowSummary } from "./flow-summary.ts";
import { isApart, isBefore, isParallel, pairsOf, type StepPair, stepName } from "./step-order.ts";
import type { MediatedStep, Mediation, MediationStage } from "./verdict.ts";

type Pairs = (a: Edge, b: Edge) => StepPair;

/** What each mediator does, in the order in which most flows did it; what takes a step back stands behind. */
export function findMediations(
  summary: FlowSummary,
  { mediators, edges }: Pick<Direction, "mediators" | "edges">,
): Mediation[] {
  return mediators
    .toSorted((a, b) => b.flows - a.flows)
    .map((mediator) => ({ node: mediator.service, stages: findStages(summary, mediator, edges) }));
}

function findStages(
  summary: FlowSummary,
  { service, edges: asked, flows }: Director,
  edges: readonly Edge[],
): MediationStage[] {
  const find = pairsOf(summary.orders, service);
  const pairs: Pairs = (a, b) => find(stepName(a), stepName(b));
  const compensations = findCompensations(asked, { flows, edges });
  const forward = asked.filter((edge) => !compensations.has(edge));
  return [...arrange(forward, pairs), ...arrange([...compensations], pairs)].map(({ relation, steps }) => ({
    relation,
    steps: steps.map((edge) => stepOf(edge, compensations.has(edge))),
  }));
}

/** A step stands one stage behind the last of those that come before it. */
function arrange(
  steps: readonly Edge[],
  pairs: Pairs,
): { relation: MediationStage["relation"]; steps: Edge[] }[] {
  const stages = new Map<Edge, number>(steps.map((step) => [step, 0]));
  // As often as there are steps settles every order without circles, and ends those with.
  for (let round = 0; round < steps.length; round += 1) {
    for (const step of steps) {
      const earlier = steps.filter((other) => other !== step && isBefore(pairs(other, step)));
      stages.set(
        step,
        Math.min(steps.length, Math.max(0, ...earlier.map((one) => (stages.get(one) ?? 0) + 1))),
      );
    }
  }
  return [...Map.groupBy(steps, (step) => stages.get(step) ?? 0)]
    .sort(([a], [b]) => a - b)
    .flatMap(([, together]) => relate(together, pairs));
}

function relate(steps: Edge[], pairs: Pairs): { relation: MediationStage["relation"]; steps: Edge[] }[] {
  const busiest = steps.toSorted((a, b) => b.flows - a.flows || (nameKey(a) < nameKey(b) ? -1 : 1));
  if (steps.length === 1) return [{ relation: "single", steps: busiest }];
  const found = steps.flatMap((a, index) => steps.slice(index + 1).map((b) => pairs(a, b)));
  if (found.some(isParallel)) return [{ relation: "parallel", steps: busiest }];
  if (found.some(isApart)) return [{ relation: "alternative", steps: busiest }];
  // One after the other, now this way, now that way.
  const lead = (step: Edge) =>
    steps.reduce((sum, other) => {
      if (other === step) return sum;
      const { forward, backward } = pairs(step, other);
      return sum + forward - backward;
    }, 0);
  return busiest.toSorted((a, b) => lead(b) - lead(a)).map((step) => ({ relation: "single", steps: [step] }));
}

function nameKey({ type, receiver }: Edge): string {
  return `${type}/${receiver}`;
}

function stepOf({ type, receiver, flows, replies, bins }: Edge, isCompensation: boolean): MediatedStep {
  return {
    node: receiver,
    command: type,
    replies: Object.entries(replies)
      .toSorted(([a, some], [b, more]) => more - some || (a < b ? -1 : 1))
      .map(([reply]) => reply),
    flows,
    isCompensation,
    p50Ms: millisecondsAt(bins, 0.5),
    p95Ms: millisecondsAt(bins, 0.95),
  };
}

function millisecondsAt(bins: Counts, q: number): number | null {
  const micros = quantile(
    Object.entries(bins).map(([bin, count]) => ({ bin: Number(bin), count })),
    q,
  );
  return micros === null ? null : micros / 1000;
}
