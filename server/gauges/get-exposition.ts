import { setTimeout as after } from "node:timers/promises";
import type { Context } from "#server/platform/context.ts";
import { type ExpositionFormat, writeExposition } from "./exposition.ts";
import { listProcessFamilies } from "./process-families.ts";
import type { SystemSamples } from "./sample-system.ts";
import { listSystemFamilies } from "./system-families.ts";

/** A scrape waits for the database no longer than this; scrapers give up after ten seconds. */
const PATIENCE_MS = 5_000;

/**
 * Everything that Nagare measures, for other tools. What this process counts is told even where the database does not
 * answer; `nagare_database_up` says whether it does.
 */
export async function getExposition(ctx: Context, format: ExpositionFormat): Promise<string> {
  const system = await readSystem(ctx);
  return writeExposition([...listSystemFamilies(system), ...listProcessFamilies(ctx)], format);
}

async function readSystem(ctx: Context): Promise<SystemSamples | null> {
  const giveUp = new AbortController();
  const late = after(PATIENCE_MS, null, { signal: giveUp.signal, ref: false }).catch(() => null);
  const looking = ctx.meters.sampleSystem(ctx).catch((error: unknown) => {
    ctx.log.warn({ err: error }, "system.not-sampled");
    return null;
  });
  try {
    return await Promise.race([looking, late]);
  } finally {
    giveUp.abort();
  }
}
