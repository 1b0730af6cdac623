import { REPLAY_ITEM_FILTERS, type ReplayDto } from "#server/contract/replays.ts";

/** Which items of a replay are listed. */
export const ITEM_FILTERS = ["all", ...REPLAY_ITEM_FILTERS] as const;
export type ItemFilter = (typeof ITEM_FILTERS)[number];

/** How many items a filter takes: the replay's own totals, so that the sums agree. */
export function countOf(
  { totals, heldBack }: Pick<ReplayDto, "totals" | "heldBack">,
  filter: ItemFilter,
): number {
  switch (filter) {
    case "all":
      return totals.itemCount;
    case "held":
      return heldBack;
    case "waiting":
      return totals.left - heldBack;
    case "in-flight":
      return totals.inFlight;
    default:
      return totals[filter];
  }
}
