import { createHash } from "node:crypto";
import type { SqlTx } from "#drizzle/db.ts";
import { markRewound } from "#drizzle/queries/letter-following.ts";
import { DEAD_LETTERS_TOPIC, notifyTopic } from "#drizzle/queries/notices.ts";
import { getLastGeneration } from "#drizzle/queries/replay-writing.ts";
import {
  listSubscriptions,
  lockCursor,
  lockSubscription,
  moveCursor,
  type SubscriptionRow,
} from "#drizzle/queries/subscriptions.ts";
import { targetSchema } from "#server/contract/bus.ts";
import type { RewindAnswerDto, RewindInput } from "#server/contract/subscriptions.ts";
import { positionAt } from "#server/domain/instant.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { loadRouting } from "./channels.ts";
import { listOwed } from "./count-owed.ts";
import { noSubscription } from "./get-subscription.ts";
import { recordChange } from "./record-change.ts";

/** Events that are looked at to say how many will come again. */
const LOOK = 50_000;

/**
 * Delivers again what a consumer was handed out after a position: as a new generation, beside whose outcome the
 * earlier ones stay. Without the `confirm` of a dry run nothing is done.
 *
 * The consumers of a queue are rewound together, for they share what is handed out.
 */
export async function rewindSubscription(
  ctx: Context,
  consumer: string,
  { to, dryRun, confirm }: RewindInput,
): Promise<RewindAnswerDto> {
  const channelsOf = await loadRouting(ctx.sql);
  return ctx.sql.begin(async (tx) => {
    const known = await lockSubscription(tx, consumer);
    if (known === null) throw noSubscription(consumer);
    if (targetSchema.parse(known.target).kind === "external") {
      throw new AppError("conflict", `${consumer} is delivered by its own system. Rewind it there.`);
    }
    const cursor = await lockCursor(tx, known.cursor_id);
    const target = targetPosition(to);
    if (BigInt(target) >= BigInt(cursor.position)) {
      const message =
        `${consumer} stands at ${cursor.position}, and ${target} is not before that: nothing would come again. ` +
        "A rewind never skips what was not handed out yet.";
      throw new AppError("invalid", message);
    }
    const together = (await listSubscriptions(tx)).filter((row) => row.cursor_id === known.cursor_id);
    const agreed = confirmation(consumer, cursor, target);
    if (!dryRun && confirm === undefined) {
      throw new AppError("invalid", "Ask with dryRun first, and give its confirm back to rewind.");
    }
    if (!dryRun && confirm !== agreed) {
      throw new AppError(
        "conflict",
        `${consumer} was rewound in the meantime, or this is the confirm of another rewind. Ask with dryRun anew.`,
      );
    }
    const redelivers = await countRedelivered(tx, ctx, {
      together,
      channelsOf,
      after: target,
      upTo: cursor.position,
    });
    const answer = {
      consumer,
      alsoRewinds: together.map((row) => row.consumer).filter((name) => name !== consumer),
      from: cursor.position,
      to: target,
      redelivers,
      done: !dryRun,
      confirm: agreed,
    };
    if (dryRun) return answer;
    const replayed = await getLastGeneration(
      tx,
      together.map(({ id }) => id),
    );
    await moveCursor(tx, known.cursor_id, { position: target, replayed });
    const subscriptionIds = together.map(({ id }) => id);
    const letters = await markRewound(tx, { subscriptionIds, after: target, upTo: cursor.position });
    if (letters > 0) await notifyTopic(tx, DEAD_LETTERS_TOPIC);
    const details = { from: answer.from, to: target, redelivers, alsoRewinds: answer.alsoRewinds };
    await recordChange(tx, ctx, { action: "subscription.rewound", subject: consumer, details });
    return answer;
  });
}

/** The position after which everything comes again. */
function targetPosition(to: RewindInput["to"]): string {
  if (to === "beginning") return "0";
  if (/^\d+$/.test(to)) return to;
  const first = positionAt(to);
  if (first === null)
    throw new AppError("invalid", `${to} is no moment. Write it like 2025-11-22T10:00:00Z.`);
  return String(first === 0n ? 0n : first - 1n);
}

async function countRedelivered(
  tx: SqlTx,
  { names }: Context,
  range: {
    together: SubscriptionRow[];
    channelsOf: Awaited<ReturnType<typeof loadRouting>>;
    after: string;
    upTo: string;
  },
): Promise<{ count: number; exact: boolean }> {
  const { together, channelsOf, after, upTo } = range;
  const positions = new Set<string>();
  let exact = true;
  for (const row of together) {
    const owed = await listOwed(tx, { names, channelsOf }, row, { after, upTo, limit: LOOK });
    for (const position of owed.positions) positions.add(position);
    exact &&= owed.exact;
  }
  return { count: positions.size, exact };
}

/** Names one rewind: no other consumer, no other position, and nobody may have rewound since. */
function confirmation(consumer: string, { generation }: { generation: number }, to: string): string {
  return createHash("sha256").update(`${consumer}\n${generation}\n${to}`).digest("hex").slice(0, 16);
}
