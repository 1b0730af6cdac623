import { isServer, QueryClient } from "@tanstack/react-query";
import { cache } from "react";
import { ApiError } from "./api-error.ts";

const MAX_RETRIES = 3;

/** Whether to ask again: never what the API refused, a few times what may pass. */
export function shouldRetry(failures: number, error: unknown): boolean {
  if (failures >= MAX_RETRIES) return false;
  // A read that took so long is asked for again by a person, or at its next interval.
  return error instanceof ApiError && error.isTransient && error.code !== "timeout";
}

/** How long to wait before asking again: what the server asked for, else doubling from half a second. */
export function retryDelayMs(failures: number, error: unknown): number {
  if (error instanceof ApiError && error.retryAfterSeconds !== null) {
    return Math.min(error.retryAfterSeconds, 30) * 1000;
  }
  return Math.min(500 * 2 ** failures, 10_000);
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // What the server rendered is not fetched again at once by the browser.
        staleTime: 5_000,
        retry: isServer ? false : shouldRetry,
        retryDelay: retryDelayMs,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  });
}

const clientOfRequest = cache(createQueryClient);
let clientOfBrowser: QueryClient | undefined;

/** One query client per request on the server, one per tab in the browser. */
export function getQueryClient(): QueryClient {
  if (isServer) return clientOfRequest();
  clientOfBrowser ??= createQueryClient();
  return clientOfBrowser;
}
