import {
  countInOthers,
  countLaterHandled,
  countOlderSchemas,
  LATER_LOOK,
  type PlannedItems,
  type RecentProcessing,
} from "#drizzle/queries/replay-planning.ts";
import type { ItemSource } from "#drizzle/queries/replay-writing.ts";
import type { PlanWarningKind, ReplayPlanDto } from "#server/contract/replays.ts";
import type { Context } from "#server/platform/context.ts";
import type { CheckedEdits } from "./check-edits.ts";

type Warning = ReplayPlanDto["warnings"][number];

/** Of its attempts, from which share on a consumer is said to be failing now. */
const FAILING = 0.1;

/** What might go wrong in a replay, or happen twice. */
export async function listWarnings(
  { sql }: Pick<Context, "sql">,
  {
    source,
    items,
    recent,
    edits,
  }: {
    source: ItemSource;
    items: PlannedItems;
    recent: readonly RecentProcessing[];
    edits: CheckedEdits | null;
  },
): Promise<Warning[]> {
  const [later, older, others] = await Promise.all([
    countLaterHandled(sql, source),
    countOlderSchemas(sql, source),
    countInOthers(sql, source),
  ]);
  const names = new Map(items.consumers.map((one) => [one.subscription_id, one.consumer]));
  const ofConsumers = items.consumers.flatMap((one): Warning[] => {
    const own = recent.find(({ subscription_id }) => subscription_id === one.subscription_id);
    const rate = own === undefined || own.attempts === 0 ? 0 : own.failed / own.attempts;
    if (one.is_ended) return [warning("consumer-ended", one.items, one.consumer)];
    if (one.is_external) return [warning("consumer-external", one.items, one.consumer)];
    const failing = `${own?.failed ?? 0} of ${own?.attempts ?? 0} attempts failed.`;
    return [
      warning("handled-already", one.handled, one.consumer),
      warning("paused", one.is_paused ? one.items : 0, one.consumer),
      warning("failing-now", rate > FAILING ? one.items : 0, one.consumer, failing),
    ];
  });
  const all = [
    ...ofConsumers,
    ...later.map((one) =>
      warning(
        "later-handled",
        one.items,
        names.get(one.subscription_id) ?? null,
        `As far as the newest ${LATER_LOOK} events tell.`,
      ),
    ),
    ...older.map((one) => warning("older-schema", one.items, null, one.type)),
    ...others.map((one) => warning("in-other-replay", one.items, null, `Replay ${one.replay_id}`)),
    warning("edit-fails", edits?.failed.length ?? 0, null),
    warning("edit-violates-schema", edits?.violating ?? 0, null),
  ];
  return all.filter(({ count }) => count > 0);
}

function warning(
  kind: PlanWarningKind,
  count: number,
  consumer: string | null,
  detail: string | null = null,
): Warning {
  return { kind, count, consumer, detail };
}
