import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { AppError } from "#server/platform/errors.ts";
import { refuseForeign } from "./guard.ts";

/** Serves everything that is not the API: the pages. */
export type PageListener = (request: IncomingMessage, response: ServerResponse) => void;

/** The pages, `opening` while they are being prepared, or null where the process serves none. */
export type PagesState = PageListener | "opening" | null;

/** The one HTTP server of the process: checks where a request comes from, then hands it to the API or to the pages. */
export function createHttpServer(
  api: RequestListener,
  { pages, allowedHosts }: { pages: () => PagesState; allowedHosts: readonly string[] },
): Server {
  const server = createServer((request, response) => {
    const refusal = refuseForeign(request, allowedHosts);
    if (refusal !== null) return refuse(response, refusal);
    const listener = isApi(request) ? null : pages();
    if (listener === null) return api(request, response);
    if (listener === "opening") return askToWait(response);
    return listener(request, response);
  });
  server.keepAliveTimeout = 65_000;
  return server;
}

/** Starts listening. Throws `unavailable` with what to do when the port is taken. */
export async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const message =
        cause.code === "EADDRINUSE"
          ? `Port ${port} is in use. Stop what listens there, or choose another with PORT=3001.`
          : `Can't listen on ${host}:${port}: ${cause.message}.`;
      reject(new AppError("unavailable", message, { cause }));
    });
    server.listen({ host, port }, resolve);
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

/** Answers somebody who is early: the browser asks again by itself. */
export function askToWait(response: ServerResponse): void {
  const page =
    '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>Nagare</title>';
  response.writeHead(503, { "content-type": "text/html; charset=utf-8", "retry-after": "1" });
  response.end(`${page}<p>Nagare is starting …`);
}

/** `/metrics` is a page for people, and the figures themselves for the programs that ask there by custom. */
function isApi({ url = "", headers }: Pick<IncomingMessage, "url" | "headers">): boolean {
  if (/^\/metrics(\?|$)/.test(url)) {
    const isForPages = headers.rsc !== undefined || headers.accept?.includes("text/html") === true;
    return !isForPages;
  }
  return /^\/api(\/|\?|$)/.test(url);
}

function refuse(response: ServerResponse, detail: string): void {
  const body = JSON.stringify({
    type: "about:blank",
    title: "Forbidden",
    status: 403,
    code: "forbidden",
    detail,
  });
  response.writeHead(403, { "content-type": "application/problem+json", connection: "close" }).end(body);
}
