"use client";

import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";

export const MAP_VIEWS = ["map", "table"] as const;

const PARAMS = {
  view: parseAsStringLiteral(MAP_VIEWS).withDefault("map"),
  /** Percent; nothing: as many branches as can be read. */
  min: parseAsInteger,
  /** The variant that is looked at, by its id. */
  variant: parseAsString,
};

/** What of a map is looked at, as it stands in the address. */
export function useMapView() {
  return useQueryStates(PARAMS, { history: "replace" });
}
export type MapViewState = ReturnType<typeof useMapView>[0];
