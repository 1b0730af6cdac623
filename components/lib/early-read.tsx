"use client";

import { useSyncExternalStore } from "react";
import type { ApiQuery } from "./api-path.ts";
import { writeEarlyRead } from "./early-reads.ts";

type EarlyReadProps = { path: string; query: ApiQuery };

/**
 * Has the browser read something of the API while it still loads the code of the page, which then takes the answer from
 * there. Only for what the page is about: it is read whatever happens next. Where the code is there already, it asks.
 */
export function EarlyRead({ path, query }: EarlyReadProps) {
  const isArriving = useSyncExternalStore(never, isLoaded, isFromServer);
  if (!isArriving) return null;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: what comes from the address is a string that ends no script
  return <script dangerouslySetInnerHTML={{ __html: writeEarlyRead(path, query) }} />;
}

const never = () => () => {};
const isLoaded = () => false;
const isFromServer = () => true;
