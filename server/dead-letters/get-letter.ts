import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "#drizzle/db.ts";
import { listEventAttempts } from "#drizzle/queries/event-deliveries.ts";
import { listLetterEdits } from "#drizzle/queries/letter-history.ts";
import { findLetter, type LetterRow } from "#drizzle/queries/letter-reading.ts";
import { findSubscriptionById } from "#drizzle/queries/subscriptions.ts";
import { targetSchema } from "#server/contract/bus.ts";
import type { LetterDetailDto, LetterKey, LetterSummaryDto } from "#server/contract/dead-letters.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { toAttemptDto } from "../bus/attempt-dto.ts";
import { getEvent } from "../events/get-event.ts";
import { toLetterSummary } from "./letter-dto.ts";
import { listLetterHistory } from "./letter-history.ts";

/** A letter that has just died is in its case within this time, unless very many did. */
const GROUPED_WITHIN_MS = 2_000;
const LOOK_AGAIN_MS = 50;

/** One letter with its event, every attempt, and all that was done about it. Throws `not-found`. */
export async function getLetter(ctx: Context, key: LetterKey): Promise<LetterDetailDto> {
  const { row, summary } = await getGrouped(ctx, key);
  const [event, attempts, edits, subscription] = await Promise.all([
    getEvent(ctx, key.position),
    listEventAttempts(ctx.sql, key.position),
    listLetterEdits(ctx.sql, row),
    findSubscriptionById(ctx.sql, row.subscription_id),
  ]);
  const own = attempts.filter((attempt) => attempt.subscription_id === row.subscription_id);
  const { data, envelope, dataSchema, aggregateType, aggregateId, aggregateVersion, ...rest } = event;
  const { traceparent, extensions, ...eventSummary } = rest;
  return {
    ...summary,
    event: eventSummary,
    data,
    envelope,
    attemptList: own.map(toAttemptDto),
    edits,
    history: await listLetterHistory(ctx, row, own),
    isExternal: subscription !== null && targetSchema.parse(subscription.target).kind === "external",
    isConsumerEnded: subscription === null || subscription.deleted_at !== null,
  };
}

/** A letter that is in its case. Throws `not-found`, or `unavailable` when the keeper of the cases is far behind. */
async function getGrouped(
  { sql, names, clock }: Context,
  key: LetterKey,
): Promise<{ row: LetterRow; summary: LetterSummaryDto }> {
  const deadline = clock.elapsedMs() + GROUPED_WITHIN_MS;
  for (;;) {
    const row = await getLetterRow(sql, key);
    const nameOf = await names.resolve([row.type_id, row.source_id]);
    const summary = toLetterSummary(row, nameOf);
    if (summary !== null) return { row, summary };
    if (clock.elapsedMs() > deadline) {
      throw new AppError(
        "unavailable",
        "This delivery has just died, and waits to be put into its failure case. Ask again in a moment.",
        { retryAfterSeconds: 2 },
      );
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Throws `not-found`. */
export async function getLetterRow(sql: Sql, key: LetterKey): Promise<LetterRow> {
  const row = await findLetter(sql, key);
  if (row !== null) return row;
  throw new AppError(
    "not-found",
    `The event at ${key.position} is no dead letter of ${key.consumer}. It may be older than the retention time.`,
  );
}
