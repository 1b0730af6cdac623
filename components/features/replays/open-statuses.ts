import type { ReplayStatus } from "#server/domain/replays/replay-run.ts";

/** Statuses in which a replay goes on, or may. */
export const OPEN_STATUSES: readonly ReplayStatus[] = ["planned", "running", "paused"];
