import { REPLAY_ITEM_FILTERS } from "#server/contract/replays.ts";

/** Which items of a replay are listed. */
export const ITEM_FILTERS = ["all", ...REPLAY_ITEM_FILTERS] as const;
export type ItemFilter = (typeof ITEM_FILTERS)[number];
