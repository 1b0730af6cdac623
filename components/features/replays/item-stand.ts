import type { ReplayItemDto } from "#server/contract/replays.ts";
import type { ItemFilter } from "./item-filter.ts";

/** Where an item stands: how it ended, or that it has not. */
export type ItemStand = Exclude<ItemFilter, "all">;

/** The order of a bar and its legend. */
export const STANDS = [
  "succeeded",
  "skipped-handled",
  "failed-same",
  "failed-new",
  "unknown",
  "in-flight",
  "held",
  "waiting",
] as const satisfies readonly ItemStand[];

export function standOf({ state, outcome }: Pick<ReplayItemDto, "state" | "outcome">): ItemStand {
  return state === "ended" ? (outcome ?? "unknown") : state;
}
