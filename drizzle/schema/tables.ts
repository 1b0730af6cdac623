/** Every table, for drizzle. A test compares them with what the migrations made. */
export {
  alertDestinations,
  alertEvaluation,
  alertNotices,
  alertRules,
  alertSteps,
  alerts,
} from "./alerts.ts";
export { auditLog } from "./audit-log.ts";
export {
  caseCounts,
  caseMoves,
  caseNotes,
  deadLetters,
  failureCases,
  letterActions,
  letterKeys,
  unresolvedLetters,
} from "./dead-letters.ts";
export {
  attempts,
  channels,
  deliveries,
  deliveryCursors,
  deliveryLeases,
  subscriptions,
} from "./deliveries.ts";
export {
  appendTurns,
  events,
  identityBatches,
  identityBlocks,
  identityFilters,
  identityRuns,
  internedNames,
} from "./events.ts";
export { failureRules } from "./failure-rules.ts";
export { metricCoverage, metricFolds, metricPoints, metricSeries } from "./metrics.ts";
export { outbox } from "./outbox.ts";
export { incidents, processes, processTransitions } from "./processes.ts";
export {
  processingBins,
  processingMinutes,
  processingTallies,
  uncountedAttempts,
  unroutedEvents,
} from "./processing.ts";
export { orderSummaries, projectionGenerations, projectionProgress, projections } from "./projections.ts";
export { checkpoints, dailyCounts, eventPostings, hourlyCounts } from "./readers.ts";
export {
  deliveryEdits,
  endedCounts,
  endedItems,
  endedRounds,
  handedStretches,
  openItems,
  replayParts,
  replays,
} from "./replays.ts";
export {
  correlationPaths,
  flowMembers,
  sagaCounts,
  sagaMaps,
  sagaStarts,
  sagas,
  sagaTypes,
} from "./sagas.ts";
export {
  sampleDocuments,
  sampleEffects,
  sampleOrders,
  sampleTotals,
  scenarioFaults,
  scenarios,
} from "./scenarios.ts";
export { schemaCounts, schemas, schemaTypes, schemaViolations } from "./schemas.ts";
export { snapshots, streamEvents, streams } from "./streams.ts";
export {
  causeMinutes,
  eventMinutes,
  flowCandidates,
  flowMinutes,
  flowStarts,
  serviceSightings,
  sourceReactions,
} from "./topology.ts";
