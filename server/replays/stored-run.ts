import type { ReplayRun } from "#server/domain/replays/replay-run.ts";
import { replayTotals } from "#server/domain/replays/replay-run.ts";

/** Items that had ended by a moment. */
type Ended = [atMs: number, ended: number];

/** How fast a replay has ended items of late; it goes with its run. */
export type StoredRun = { run: ReplayRun; recent: Ended[] };

const STEP_MS = 1_000;
const KEPT_MS = 10_000;

/** What stands in `replays.run`. Cases stand for fingerprints in it, of which each has one. */
export function readStoredRun(stored: unknown): StoredRun {
  // Nothing else is written there.
  const { recent = [], ...run } = stored as ReplayRun & { recent?: Ended[] };
  return { run, recent };
}

export function writeStoredRun({ run, recent }: StoredRun): unknown {
  return { ...run, recent };
}

/** Notes how many items have ended, once a second; what is older than ten seconds is forgotten. */
export function noteEnded({ run, recent }: StoredRun, nowMs: number): StoredRun {
  const last = recent.at(-1);
  if (last !== undefined && nowMs - last[0] < STEP_MS && nowMs >= last[0]) return { run, recent };
  const { ended } = replayTotals(run);
  const kept = recent.filter(([atMs]) => atMs <= nowMs && nowMs - atMs <= KEPT_MS);
  return { run, recent: [...kept, [nowMs, ended]] };
}

/** Items that ended in the last ten seconds, a second; null before there is a second to tell from. */
export function recentRate({ run, recent }: StoredRun, nowMs: number): number | null {
  const first = recent.find(([atMs]) => nowMs - atMs <= KEPT_MS);
  if (first === undefined || nowMs - first[0] < STEP_MS) return null;
  const ended = replayTotals(run).ended - first[1];
  return Math.max(0, Math.round((ended / (nowMs - first[0])) * 10_000) / 10);
}
