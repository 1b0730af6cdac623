import type { StoredReplayRow } from "#drizzle/queries/replay-reading.ts";
import { letterSelectionSchema } from "#server/contract/dead-letters.ts";
import type { ReplayDto } from "#server/contract/replays.ts";
import { nextCount } from "#server/domain/replays/next-items.ts";
import { type ReplayRun, replayTotals } from "#server/domain/replays/replay-run.ts";
import { isoTime } from "../bus/subscription-dto.ts";
import { readDelivery, toOptionsDto } from "./replay-delivery.ts";
import { readStoredRun, recentRate } from "./stored-run.ts";

/** A replay as clients see it. */
export function toReplayDto(row: StoredReplayRow, heldBack: number, nowMs: number): ReplayDto {
  const stored = readStoredRun(row.run);
  const { run } = stored;
  const { itemCount, ended, inFlight, left } = replayTotals(run);
  const isRunning = run.status === "running";
  const ratePerSecond = isRunning ? recentRate(stored, nowMs) : null;
  const toCome = inFlight + Math.max(0, left - heldBack);
  return {
    id: row.id,
    status: run.status,
    reason: row.reason,
    by: row.actor,
    view: row.view,
    rule: row.rule_id === null ? null : { id: row.rule_id, name: row.actor.replace(/^rule:/, "") },
    selection: letterSelectionSchema.parse(row.selection),
    options: toOptionsDto(run.options, readDelivery(row.delivery)),
    upTo: row.cut_off,
    newer: Number(row.newer),
    totals: { itemCount, ...run.outcomes, ended, inFlight, left },
    heldBack,
    isCanary: nextCount(run, Number.MAX_SAFE_INTEGER, nowMs).wait.kind === "canary",
    stopped: run.status === "stopped" ? stoppedOf(run) : null,
    ratePerSecond,
    remainingSeconds: ratePerSecond !== null && ratePerSecond > 0 ? toCome / ratePerSecond : null,
    createdAt: isoTime(row.created_at),
    startedAt: row.started_at === null ? null : isoTime(row.started_at),
    endedAt: row.ended_at === null ? null : isoTime(row.ended_at),
  };
}

function stoppedOf({ reason }: Extract<ReplayRun, { status: "stopped" }>): ReplayDto["stopped"] {
  const { fingerprint, failed, ended } = reason;
  // Cases stand for fingerprints in a stored run.
  return { case: fingerprint === null ? null : Number(fingerprint), failed, ended };
}
