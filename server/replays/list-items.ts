import { ITEM_OUTCOME, ITEM_STATE } from "#drizzle/queries/open-items.ts";
import {
  findReplay,
  type ItemFilter,
  listReplayItems,
  type ReplayItemRow,
} from "#drizzle/queries/replay-reading.ts";
import type { REPLAY_ITEM_FILTERS, ReplayItemDto, ReplayItemPageDto } from "#server/contract/replays.ts";
import { ITEM_OUTCOMES } from "#server/domain/replays/replay-run.ts";
import type { Context } from "#server/platform/context.ts";
import { isoTime } from "../bus/subscription-dto.ts";
import { getAsOf } from "../events/as-of.ts";
import { noReplay } from "./get-replay.ts";
import { linkReplay } from "./link-replay.ts";

const STATES = {
  held: ITEM_STATE.held,
  waiting: ITEM_STATE.waiting,
  "in-flight": ITEM_STATE.inFlight,
} as const;
const STATE_NAMES = ["held", "waiting", "in-flight", "ended"] as const;

type Query = { is?: (typeof REPLAY_ITEM_FILTERS)[number] | undefined; after: number; limit: number };

/** Items of a replay in its order, oldest event first. */
export async function listItems(
  ctx: Context,
  id: number,
  { is, after, limit }: Query,
): Promise<ReplayItemPageDto> {
  const replay = await findReplay(ctx.sql, id);
  if (replay === null) throw noReplay(id);
  if (!replay.is_linked) await linkReplay(ctx, id);
  const rows = await listReplayItems(ctx.sql, id, { filter: toFilter(is), after, limit });
  const nextAfter = rows.length === limit ? (rows.at(-1)?.seq ?? null) : null;
  return { items: rows.map(toItemDto), nextAfter, asOf: await getAsOf(ctx) };
}

function toFilter(is: Query["is"]): ItemFilter {
  if (is === undefined) return null;
  return is === "held" || is === "waiting" || is === "in-flight"
    ? { state: STATES[is] }
    : { outcome: ITEM_OUTCOME[is] };
}

function toItemDto(row: ReplayItemRow): ReplayItemDto {
  return {
    seq: row.seq,
    position: row.position,
    consumer: row.consumer,
    partitionKey: row.partition_key,
    state: STATE_NAMES[row.state] ?? "ended",
    outcome: row.outcome === null ? null : (ITEM_OUTCOMES[row.outcome] ?? null),
    case: row.case_id,
    newCase: row.new_case_id,
    isEdited: row.is_edited,
    startedAt: row.started_at === null ? null : isoTime(row.started_at),
    endedAt: row.ended_at === null ? null : isoTime(row.ended_at),
  };
}
