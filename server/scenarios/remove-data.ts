import type { SqlTx } from "#drizzle/db.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import { lockRelay } from "#drizzle/queries/outbox.ts";
import {
  collectScenarioData,
  deleteScenarioData,
  hasUnsentFrom,
  type ScenarioMarks,
} from "#drizzle/queries/scenario-data.ts";
import { lockScenario, lockScenarioData } from "#drizzle/queries/scenarios.ts";
import type { RemoveDataAnswerDto, RemoveDataInput } from "#server/contract/scenarios.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { CONSUMERS_TOPIC } from "../bus/record-change.ts";
import { relayOutboxOnce } from "../bus/relay-outbox.ts";
import { recordChange } from "./record-change.ts";
import { getScenario } from "./registry.ts";
import { removeSchemas } from "./sample-schemas.ts";
import { qualifiedName, type Scenario, sourcePrefixOf } from "./scenario.ts";

/**
 * Removes everything that a sample system wrote: events, what came of them, its processes, consumers and channels,
 * and the schemas that it registered, unless others send events of their types. Only the audit trail stays. Without
 * the `confirm` of a dry run nothing is done. Throws `not-found`, or `conflict` while the system runs.
 */
export async function removeScenarioData(
  ctx: Context,
  name: string,
  { dryRun, confirm }: RemoveDataInput,
): Promise<RemoveDataAnswerDto> {
  const scenario = getScenario(name);
  await letInWhatIsOnItsWay(ctx, scenario);
  const answer = await ctx.sql.begin(async (tx): Promise<RemoveDataAnswerDto> => {
    await lockStopped(tx, scenario);
    await lockRelay(tx);
    const marks = marksOf(scenario);
    const { lastPosition, ...counts } = await collectScenarioData(tx, marks);
    const agreed = `${name}@${lastPosition}`;
    if (dryRun) return { ...counts, done: false, confirm: agreed };
    if (confirm === undefined) {
      throw new AppError("invalid", "Ask with dryRun first, and give its confirm back to remove.");
    }
    if (confirm !== agreed) {
      throw new AppError(
        "conflict",
        `${name} has written more since, or this is the confirm of another removal. Ask with dryRun anew.`,
      );
    }
    await deleteScenarioData(tx, name, marks);
    await recordChange(tx, ctx, { action: "scenario.data-removed", subject: name, details: counts });
    await notifyTopic(tx, CONSUMERS_TOPIC);
    return { ...counts, done: true, confirm: agreed };
  });
  if (answer.done) await removeSchemas(ctx, scenario);
  return answer;
}

/** Waits for who is at work, and moves what they published into the log, so that it is counted and removed with it. */
async function letInWhatIsOnItsWay(ctx: Context, scenario: Scenario): Promise<void> {
  await ctx.sql.begin((tx) => lockStopped(tx, scenario));
  while (await hasUnsentFrom(ctx.sql, sourcePrefixOf(scenario.name))) {
    await relayOutboxOnce(ctx);
    // Another process may be at it.
    await ctx.sql.begin(lockRelay);
  }
}

/** Who is still at work for it finishes first. Who comes later finds its event gone, and writes nothing. */
async function lockStopped(tx: SqlTx, { name, rate }: Scenario): Promise<void> {
  const { running_since } = await lockScenario(tx, name, rate);
  if (running_since !== null) {
    throw new AppError("conflict", `${name} runs and would write more. Stop it first.`);
  }
  await lockScenarioData(tx, name);
}

function marksOf({ name, process, projection }: Scenario): ScenarioMarks {
  return {
    sourcePrefix: sourcePrefixOf(name),
    consumerPrefix: qualifiedName(name, ""),
    aggregatePrefix: qualifiedName(name, ""),
    processes: process === null ? [] : [process.name],
    projection: projection ?? null,
  };
}
