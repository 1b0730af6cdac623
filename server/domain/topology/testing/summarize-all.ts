import { EMPTY_SUMMARY, type FlowSummary, mergeSummaries } from "../flow-summary.ts";
import type { ObservedFlow } from "../observed-flow.ts";
import { summarizeFlow } from "../summarize-flow.ts";

/** The summary of all flows, as if they were of one type. */
export function summarizeAll(flows: readonly ObservedFlow[]): FlowSummary {
  return flows
    .flatMap((flow) => summarizeFlow(flow)?.summary ?? [])
    .reduce((all, one) => mergeSummaries(all, one), EMPTY_SUMMARY);
}
