import type { MuteInput } from "#server/contract/alerts.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";

const LONGEST_MUTE_MS = 90 * 86_400_000;

/** Throws `invalid` for a mute that has ended already, or that is as good as forgotten. */
export function checkMute({ clock }: Pick<Context, "clock">, { until }: MuteInput): void {
  const lastsMs = Date.parse(until) - clock.now().getTime();
  if (lastsMs <= 0)
    throw new AppError("invalid", "The mute would have ended already. Give a moment to come.");
  if (lastsMs > LONGEST_MUTE_MS) {
    throw new AppError("invalid", "A mute lasts 90 days at most. For longer, switch the rule off.");
  }
}
