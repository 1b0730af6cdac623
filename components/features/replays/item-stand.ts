import type { ReplayDto, ReplayItemDto } from "#server/contract/replays.ts";
import type { ItemFilter } from "./item-filter.ts";

/** Where an item stands: how it ended, or that it has not. */
export type ItemStand = Exclude<ItemFilter, "all">;

export function standOf({ state, outcome }: Pick<ReplayItemDto, "state" | "outcome">): ItemStand {
  return state === "ended" ? (outcome ?? "unknown") : state;
}

/** What all items of a replay add up from, in the order of a bar and its legend. */
export const PARTS = [
  "succeeded",
  "skipped-handled",
  "failed-same",
  "failed-new",
  "unknown",
  "in-flight",
  /** Behind an earlier one of their key that did not succeed. */
  "held-back",
  "waiting",
] as const;
export type ReplayPart = (typeof PARTS)[number];

export function countOf(
  { totals, heldBack }: Pick<ReplayDto, "totals" | "heldBack">,
  part: ReplayPart,
): number {
  switch (part) {
    case "held-back":
      return heldBack;
    case "waiting":
      return totals.left - heldBack;
    case "in-flight":
      return totals.inFlight;
    default:
      return totals[part];
  }
}

/**
 * How to list what a part counts; null where no list holds exactly that. In a replay that has finished, whatever was
 * in line for its key was held back.
 */
export function filterOf(part: ReplayPart, status: ReplayDto["status"]): ItemFilter | null {
  if (part === "waiting") return null;
  if (part === "held-back") return status === "finished" ? "held" : null;
  return part;
}
