import type { IncomingMessage, ServerResponse } from "node:http";
import sirv from "sirv";

const PREFIX = "/_next/static";
const YEAR_SECONDS = 31_536_000;

/** Answers a request for a file of the pages, or leaves it to somebody else. */
export type PageAssets = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/**
 * The files of built pages, whose names hold a digest of their content: a browser asks for each of them once. They go
 * out as they were compressed after the build, so that who asks waits for nothing.
 *
 * @param folder where they lie; nothing else is ever given out.
 */
export function openPageAssets(folder: string): PageAssets {
  const files = sirv(folder, {
    maxAge: YEAR_SECONDS,
    immutable: true,
    brotli: true,
    gzip: true,
    extensions: [],
  });
  return (request, response, next) => {
    const { url } = request;
    if (url?.startsWith(`${PREFIX}/`) !== true) return next();
    request.url = url.slice(PREFIX.length);
    files(request, response, () => {
      request.url = url;
      next();
    });
  };
}
