import { BROKER_BORDER, confidenceOf, MEDIATOR_BORDER } from "./confidence.ts";
import { type Direction, findDirection } from "./direction.ts";
import { findEvidence, LEAST_FLOWS, LEAST_WORKERS, MOST_GAPS } from "./evidence.ts";
import type { FlowSummary } from "./flow-summary.ts";
import { findMediations } from "./mediations.ts";
import { agreementOf, isOrderFree } from "./step-order.ts";
import type { Judgement, Mediation } from "./verdict.ts";
import { shareWork } from "./work-shares.ts";

/** A mediator that takes its steps in no fixed order is one, but less plainly. */
const FREE_ORDER_SURENESS = 0.8;

/** Who runs the flows of one type, how sure that is, and how each mediator goes about it. */
export function judge(summary: FlowSummary): Judgement & { mediations: Mediation[] } {
  const direction = findDirection(summary);
  const shares = shareWork(direction, summary);
  const gaps = gapsOf(summary);
  const evidence = findEvidence(summary, { direction, shares, gaps });
  const { flows } = summary;
  const isTooLittle = flows < LEAST_FLOWS || shares.workers.length < LEAST_WORKERS || gaps > MOST_GAPS;
  if (isTooLittle || shares.share === null) {
    return { verdict: "too-little-evidence", confidence: 0, flows, evidence, mediations: [] };
  }
  const doubts = (1 - gaps) * (1 - shares.undecided) * orderSureness(summary, direction);
  return {
    verdict: verdictOf(shares.share),
    confidence: confidenceOf(shares.share, flows) * doubts,
    flows,
    evidence,
    mediations: findMediations(summary, direction),
  };
}

function verdictOf(share: number): "broker" | "mediator" | "mixed" {
  if (share >= MEDIATOR_BORDER) return "mediator";
  return share <= BROKER_BORDER ? "broker" : "mixed";
}

/** Of the events that something led to, those of which it is not known what. */
function gapsOf({ missingCauses, events, flows }: FlowSummary): number {
  return missingCauses === 0 ? 0 : Math.min(1, missingCauses / Math.max(1, events - flows));
}

function orderSureness({ orders }: FlowSummary, { mediators }: Direction): number {
  const hasFreeOrder = mediators.some(({ service }) => isOrderFree(agreementOf(orders, service).agreement));
  return hasFreeOrder ? FREE_ORDER_SURENESS : 1;
}
