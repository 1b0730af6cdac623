import type { Context } from "#server/platform/context.ts";
import type { Bus } from "../bus/bus.ts";
import { countUnroutedOnce } from "../bus/count-unrouted.ts";
import { relayOutboxOnce } from "../bus/relay-outbox.ts";
import { LetterKeeper } from "../dead-letters/keep-letters.ts";
import { applyRulesOnce } from "../failure-rules/apply-rules.ts";
import { SystemRecorder } from "../gauges/record-system.ts";
import { sealIdentitiesOnce } from "../identities/seal-identities.ts";
import { passDeadlineOnce } from "../mediator/pass-deadlines.ts";
import { countEventsOnce } from "../metrics/count-events.ts";
import { foldMetricsOnce } from "../metrics/fold-metrics.ts";
import { PROJECTIONS } from "../projections/registry.ts";
import { runProjection } from "../projections/run-projection.ts";
import { runReplays } from "../replays/run-replays.ts";
import { SagaRecogniser } from "../sagas/recognise-sagas.ts";
import { brakeProjections } from "../scenarios/brake-projection.ts";
import { CallDesk } from "../scenarios/call-desk.ts";
import { FaultBoard } from "../scenarios/fault-board.ts";
import { produceOnce } from "../scenarios/produce.ts";
import { markViolationsOnce } from "../schemas/mark-violations.ts";
import { observeStreamsOnce } from "../streams/observe-streams.ts";
import { countTopologyOnce } from "../topology/count-topology.ts";
import { foldHourOnce } from "../topology/fold-hour.ts";
import { observeFlowsOnce } from "../topology/observe-flows.ts";
import { addPostingsOnce } from "./add-postings.ts";
import { BoundedDuty } from "./bounded-duty.ts";
import { countHoursOnce } from "./count-hours.ts";
import { keepPartitions } from "./keep-partitions.ts";
import { restUnderPressure } from "./rest-under-pressure.ts";
import { runAlerts } from "./run-alerts.ts";
import { runEvery as runUntraced } from "./run-every.ts";
import { traceRounds } from "./trace-rounds.ts";

const COUNT_EVERY_MS = 1_000;
/** The overview promises to be at most five seconds behind, at any rate: this counts several hundred thousand events a turn. */
const MEASURING_TURNS = { everyMs: 2_000, turnMs: 1_000 };
const SAMPLE_EVERY_MS = 1_000;
const JUDGE_EVERY_MS = 1_000;
const OBSERVE_EVERY_MS = 1_000;
const RELAY_EVERY_MS = 100;
const PROJECT_EVERY_MS = 250;
const KEEP_EVERY_MS = 250;
const RULE_EVERY_MS = 5_000;
const PASS_EVERY_MS = 250;
const PRODUCE_EVERY_MS = 200;
const FOLD_EVERY_MS = 60_000;
const RECOGNISE_EVERY_MS = 500;
const SEAL_EVERY_MS = 10_000;
const PARTITIONS_EVERY_MS = 15 * 60_000;

/** Starts everything that works in the background of this process; resolves when all of it has stopped. */
export function startWorkers(
  ctx: Context,
  bus: Pick<Bus, "reserve">,
  signal: AbortSignal,
): { done: Promise<void> } {
  const { log, meters } = ctx;
  const traced = (name: string, work: () => Promise<boolean>) => traceRounds(meters.spans, name, work);
  const runEvery: typeof runUntraced = (options, work) => runUntraced(options, traced(options.name, work));
  const pressure = { isPressed: () => ctx.ingest.isPressed, elapsedMs: ctx.clock.elapsedMs };
  /** What only looks at the log, and may do so later. */
  const observeEvery: typeof runUntraced = (options, work) =>
    runUntraced(options, restUnderPressure(pressure, signal, traced(options.name, work)));
  const counting = observeEvery({ name: "hourly-counts", pauseMs: COUNT_EVERY_MS, signal, log }, () =>
    countHoursOnce(ctx),
  );
  const posting = runEvery({ name: "event-postings", pauseMs: COUNT_EVERY_MS, signal, log }, () =>
    addPostingsOnce(ctx),
  );
  const topology = observeEvery({ name: "topology", pauseMs: COUNT_EVERY_MS, signal, log }, () =>
    countTopologyOnce(ctx),
  );
  const flows = observeEvery({ name: "observed-flows", pauseMs: OBSERVE_EVERY_MS, signal, log }, async () => {
    await observeFlowsOnce(ctx);
    return false;
  });
  const recogniser = new SagaRecogniser(ctx, {}, ctx.meters.sagaSteps);
  const duty = new BoundedDuty();
  const sagas = observeEvery({ name: "sagas", pauseMs: RECOGNISE_EVERY_MS, signal, log }, () =>
    duty.work(signal, () => recogniser.recogniseOnce()),
  );
  const folding = observeEvery({ name: "folded-hours", pauseMs: FOLD_EVERY_MS, signal, log }, () =>
    foldHourOnce(ctx),
  );
  const measuring = runUntraced(
    { name: "metrics", pauseMs: COUNT_EVERY_MS, signal, log },
    restUnderPressure(
      { ...pressure, ...MEASURING_TURNS },
      signal,
      traced("metrics", () => countEventsOnce(ctx)),
    ),
  );
  const metrics = runEvery({ name: "folded-metrics", pauseMs: COUNT_EVERY_MS, signal, log }, () =>
    foldMetricsOnce(ctx),
  );
  const gauges = new SystemRecorder(ctx);
  const sampling = runEvery({ name: "gauges", pauseMs: SAMPLE_EVERY_MS, signal, log }, async () => {
    await gauges.recordOnce();
    return false;
  });
  const unrouted = observeEvery({ name: "unrouted-events", pauseMs: COUNT_EVERY_MS, signal, log }, () =>
    countUnroutedOnce(ctx),
  );
  const observing = observeEvery({ name: "observed-streams", pauseMs: OBSERVE_EVERY_MS, signal, log }, () =>
    observeStreamsOnce(ctx),
  );
  const relaying = runEvery({ name: "outbox", pauseMs: RELAY_EVERY_MS, signal, log }, () =>
    relayOutboxOnce(ctx),
  );
  const judging = observeEvery({ name: "schema-violations", pauseMs: JUDGE_EVERY_MS, signal, log }, () =>
    markViolationsOnce(ctx),
  );
  const keeper = new LetterKeeper(ctx);
  const letters = runEvery({ name: "dead-letters", pauseMs: KEEP_EVERY_MS, signal, log }, () =>
    keeper.keepOnce(),
  );
  const ruling = runEvery({ name: "failure-rules", pauseMs: RULE_EVERY_MS, signal, log }, () =>
    applyRulesOnce(ctx),
  );
  const replaying = runReplays({ ...ctx, bus }, signal);
  const board = new FaultBoard(ctx);
  const brakes = brakeProjections(board, ctx.clock);
  const projecting = PROJECTIONS.map((projection) =>
    runEvery({ name: projection.name, pauseMs: PROJECT_EVERY_MS, signal, log }, () =>
      runProjection(ctx, projection, brakes.get(projection.name)),
    ),
  );
  const passing = runEvery({ name: "processes", pauseMs: PASS_EVERY_MS, signal, log }, () =>
    passDeadlineOnce({ ...ctx, random: Math.random }, ctx.processes),
  );
  const desk = new CallDesk(ctx, board);
  const producing = runEvery({ name: "scenarios", pauseMs: PRODUCE_EVERY_MS, signal, log }, async () => {
    desk.take(await produceOnce({ ...ctx, random: Math.random }));
    return false;
  }).then(() => desk.close());
  const keeping = runEvery({ name: "partitions", pauseMs: PARTITIONS_EVERY_MS, signal, log }, async () => {
    await keepPartitions(ctx);
    return false;
  });
  const sealing = runEvery({ name: "sealed-identities", pauseMs: SEAL_EVERY_MS, signal, log }, () =>
    sealIdentitiesOnce(ctx, signal),
  );
  const working = [
    counting,
    posting,
    topology,
    flows,
    sagas,
    folding,
    measuring,
    metrics,
    sampling,
    unrouted,
    observing,
    relaying,
    judging,
    letters,
    replaying,
    ruling,
    ...projecting,
    passing,
    producing,
    keeping,
    sealing,
    runAlerts(ctx, signal),
  ];
  return { done: Promise.all(working).then(() => {}) };
}
