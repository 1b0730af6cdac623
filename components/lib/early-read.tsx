"use client";

import { preload } from "react-dom";
import { type ApiQuery, apiPath } from "./api-path.ts";

type EarlyReadProps = { path: string; query: ApiQuery };

/**
 * Has the browser read something of the API as soon as it sees the head of the page, whose code then takes the answer
 * from there. Only for what the page is about: it is read whatever happens next. Where the code is there already, it asks.
 */
export function EarlyRead({ path, query }: EarlyReadProps) {
  // An anonymous one is asked for in the same mode as `getJson` asks, or else it would be read twice.
  if (typeof window === "undefined") preload(apiPath(path, query), { as: "fetch", crossOrigin: "anonymous" });
  return null;
}
