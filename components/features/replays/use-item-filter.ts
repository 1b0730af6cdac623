"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";
import { ITEM_FILTERS } from "./item-filter.ts";

/** Which items are listed, as the address has it. */
export function useItemFilter() {
  return useQueryState("items", parseAsStringLiteral(ITEM_FILTERS).withDefault("all"));
}
