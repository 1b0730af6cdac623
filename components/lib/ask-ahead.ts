import { headers } from "next/headers";
import { type ApiQuery, apiPath } from "./api-path.ts";
import { apiBaseUrl } from "./internal-url.ts";

/**
 * Tells the API, while a page is rendered, what the page will ask it for from the browser, where it can be asked for
 * ahead. It does nothing for somebody who moves between pages: then the browser has asked already.
 */
export async function askAhead(path: string, query: ApiQuery): Promise<void> {
  const isVisit = (await headers()).get("sec-fetch-dest") === "document";
  if (!isVisit) return;
  const asked = fetch(`${apiBaseUrl()}${apiPath(path, query)}`, {
    cache: "no-store",
    headers: { prefer: "respond-async" },
  });
  // The browser asks for itself in any case.
  asked.then((response) => response.body?.cancel()).catch(() => {});
}
