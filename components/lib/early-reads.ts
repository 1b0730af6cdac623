import { type ApiQuery, apiPath } from "./api-path.ts";

/** Where a page in the browser keeps what it began to read before its code was there. */
const EARLY_READS = "nagareEarlyReads";
/** So long a browser waits for an answer. */
export const BROWSER_READ_MS = 20_000;

declare global {
  interface Window {
    [EARLY_READS]?: Map<string, Promise<Response>>;
  }
}

/** A script that begins to read something of the API as `getJson` does it. */
export function writeEarlyRead(path: string, query: ApiQuery): string {
  const url = JSON.stringify(apiPath(path, query)).replaceAll("<", "\\u003c");
  const options = `{cache:"no-store",headers:{accept:"application/json"},signal:AbortSignal.timeout(${BROWSER_READ_MS})}`;
  // Whoever takes it is told when it fails.
  return `{const read=fetch(${url},${options});read.catch(()=>{});(window.${EARLY_READS}??=new Map()).set(${url},read)}`;
}

/** The answer to a read that was begun early; null where there is none. It is given once: later ones are new. */
export function takeEarlyRead(url: string): Promise<Response> | null {
  if (typeof window === "undefined") return null;
  const begun = window[EARLY_READS]?.get(url) ?? null;
  window[EARLY_READS]?.delete(url);
  return begun;
}
