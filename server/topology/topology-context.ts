import type { Context } from "#server/platform/context.ts";

/** What the verbs of the topology need. */
export type TopologyCtx = Pick<Context, "sql" | "names" | "clock">;
