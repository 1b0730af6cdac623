import { type ReplayOptionsDto, replayOptionsSchema } from "#server/contract/replays.ts";
import type { ReplayOptions } from "#server/domain/replays/replay-run.ts";

/** How the items of a replay are delivered; the rest of its options is part of its run. */
export type ReplayDelivery = Pick<ReplayOptionsDto, "to" | "retries" | "edit">;

// Made once: a schema is compiled when it is used first, which takes longer than all else of a step.
const deliverySchema = replayOptionsSchema.pick({ to: true, retries: true, edit: true });

/** What stands in `replays.delivery`. */
export function readDelivery(stored: unknown): ReplayDelivery {
  return deliverySchema.parse(stored);
}

export function toRunOptions(options: ReplayOptionsDto): ReplayOptions {
  const { canary, ratePerSecond, concurrency, stop, unknownAfterSeconds } = options;
  return { canary, ratePerSecond, concurrency, stop, unknownAfterMs: unknownAfterSeconds * 1_000 };
}

export function toOptionsDto(options: ReplayOptions, delivery: ReplayDelivery): ReplayOptionsDto {
  const { canary, ratePerSecond, concurrency, stop, unknownAfterMs } = options;
  return {
    ...delivery,
    canary,
    ratePerSecond,
    concurrency,
    stop,
    unknownAfterSeconds: unknownAfterMs / 1_000,
  };
}
