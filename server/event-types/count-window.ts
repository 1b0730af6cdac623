import type { Context } from "#server/platform/context.ts";

const HOUR_MS = 3_600_000;
const WINDOW_HOURS = 7 * 24;

/** The whole hours of the last week, the present one included, which counts of types are of. */
export function countWindow({ clock }: Pick<Context, "clock">): { from: string; to: string } {
  const to = Math.ceil((clock.now().getTime() + 1) / HOUR_MS) * HOUR_MS;
  return { from: new Date(to - WINDOW_HOURS * HOUR_MS).toISOString(), to: new Date(to).toISOString() };
}
