import { type FlowKey, flowTypeId } from "./flow-key.ts";
import { EMPTY_SUMMARY, type FlowSummary, mergeSummaries, WINDOW_LIMITS } from "./flow-summary.ts";
import { judge } from "./judge-flows.ts";
import type { FlowWay, Judgement, Mediation, Verdict } from "./verdict.ts";

/** The merged summary of all flows of a window that share a key. */
export type KeyedSummary = FlowKey & { summary: FlowSummary };

export type JudgedFlowType = {
  id: string;
  type: string;
  startedBy: string;
  /** How most of its flows ran. */
  way: FlowWay;
  /** All ways that belong to it. */
  ways: FlowWay[];
  judgement: Judgement;
  mediations: Mediation[];
};

/** Flow types with a smaller share of a window's flows do not count for its verdict. */
const LEAST_SHARE = 0.05;
/** Of the services that handle the first event in one way: from here on, the other way is the same flow type. */
const SAME_RECEIVERS_SHARE = 0.5;

/**
 * The verdict on each flow type, most flows first, and on the whole window. What began alike and was handled by the
 * same services at first is one flow type, even where some flows broke off before they showed how they run.
 *
 * The whole window is what all its flow types are; where they differ, it is mixed, and as sure as the less sure of the
 * two sides.
 */
export function judgeWindow(summaries: readonly KeyedSummary[]): {
  whole: Judgement;
  flowTypes: JudgedFlowType[];
} {
  const byStart = Map.groupBy(summaries, ({ type, startedBy }) => JSON.stringify([startedBy, type]));
  const flowTypes = [...byStart.values()]
    .flatMap(judgeBeginning)
    .toSorted((a, b) => b.judgement.flows - a.judgement.flows || (a.id < b.id ? -1 : 1));
  return { whole: judgeWhole(summaries, flowTypes), flowTypes };
}

function judgeBeginning(summaries: readonly KeyedSummary[]): JudgedFlowType[] {
  const ways = mergeByWay(summaries);
  const [main, other] = ways.toSorted((a, b) => b.summary.flows - a.summary.flows);
  if (main === undefined) return [];
  if (other === undefined) return [judgeOne(flowTypeId(main), main, [main.way])];
  if (haveSameBeginning(main, other)) {
    const summary = mergeSummaries(main.summary, other.summary);
    return [judgeOne(flowTypeId(main), { ...main, summary }, [main.way, other.way])];
  }
  return [main, other].map((one) => judgeOne(flowTypeId(one, one.way), one, [one.way]));
}

function mergeByWay(summaries: readonly KeyedSummary[]): KeyedSummary[] {
  return [...Map.groupBy(summaries, ({ way }) => way).values()].flatMap((alike) => {
    const [first, ...rest] = alike;
    if (first === undefined) return [];
    return [
      { ...first, summary: rest.reduce((all, { summary }) => mergeSummaries(all, summary), first.summary) },
    ];
  });
}

function judgeOne(id: string, { type, startedBy, way, summary }: KeyedSummary, ways: FlowWay[]) {
  const { mediations, ...judgement } = judge(summary);
  return { id, type, startedBy, way, ways, judgement, mediations };
}

function haveSameBeginning(a: KeyedSummary, b: KeyedSummary): boolean {
  const one = firstReceivers(a);
  const other = firstReceivers(b);
  const shared = [...one].filter((service) => other.has(service)).length;
  const all = new Set([...one, ...other]).size;
  return all === 0 || shared >= SAME_RECEIVERS_SHARE * all;
}

/** Services that handle the event that starts the flows. */
function firstReceivers({ type, startedBy, summary }: KeyedSummary): Set<string> {
  const start = JSON.stringify([startedBy, type]).slice(0, -1);
  const keys = Object.keys(summary.edges).filter((key) => key.startsWith(`${start},`));
  return new Set(keys.map((key) => key.slice(start.length)));
}

function judgeWhole(summaries: readonly KeyedSummary[], flowTypes: readonly JudgedFlowType[]): Judgement {
  const all = summaries.reduce(
    (merged, { summary }) => mergeSummaries(merged, summary, WINDOW_LIMITS),
    EMPTY_SUMMARY,
  );
  const { evidence, flows } = judge(all);
  const counted = flowTypes
    .map(({ judgement }) => judgement)
    .filter(({ verdict, flows: own }) => verdict !== "too-little-evidence" && own >= LEAST_SHARE * flows);
  const verdicts = new Set<Verdict>(counted.map(({ verdict }) => verdict));
  const [only] = verdicts;
  if (only === undefined) return { verdict: "too-little-evidence", confidence: 0, flows, evidence };
  const sides = [...verdicts].map((verdict) => surenessOf(counted.filter((one) => one.verdict === verdict)));
  const verdict = verdicts.size === 1 ? only : "mixed";
  return { verdict, confidence: Math.min(...sides), flows, evidence };
}

/** The mean, weighted by flows. */
function surenessOf(judgements: readonly Judgement[]): number {
  const flows = judgements.reduce((sum, one) => sum + one.flows, 0);
  return judgements.reduce((sum, one) => sum + one.confidence * one.flows, 0) / flows;
}
