import type { z } from "zod";
import { ApiError, readApiError } from "./api-error.ts";
import { type ApiQuery, apiPath } from "./api-path.ts";
import { apiBaseUrl } from "./internal-url.ts";

type ApiOptions = { query?: ApiQuery | undefined; signal?: AbortSignal | undefined };
type Method = "POST" | "PUT" | "PATCH" | "DELETE";

/** Reads `/api/v1` + `path` and checks the answer against its schema. Throws `ApiError`, or `AbortError`. */
export async function getJson<T>(path: string, schema: z.ZodType<T>, options: ApiOptions = {}): Promise<T> {
  return await readAnswer(await send("GET", path, options, undefined), schema);
}

/** Sends a change to `/api/v1` + `path` with a JSON body. */
export async function sendJson<T>(
  method: Method,
  path: string,
  schema: z.ZodType<T>,
  options: ApiOptions & { body?: unknown } = {},
): Promise<T> {
  return await readAnswer(await send(method, path, options, options.body), schema);
}

/** A page is not held up on the server by a slow answer: the browser asks again, and says that it loads. */
const SERVER_READ_MS = 4_000;
const BROWSER_READ_MS = 20_000;

async function send(method: string, path: string, { query, signal }: ApiOptions, body: unknown) {
  const url = `${apiBaseUrl()}${apiPath(path, query)}`;
  const limitMs = typeof window === "undefined" ? SERVER_READ_MS : BROWSER_READ_MS;
  // Only reads: of a change that takes long nobody would know whether it was done.
  const limit = method === "GET" ? AbortSignal.timeout(limitMs) : undefined;
  const signals = [signal, limit].filter((each) => each !== undefined);
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      cache: "no-store",
      headers: {
        accept: "application/json",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(method !== "GET" && viewHeader()),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    if (cause instanceof DOMException && cause.name === "TimeoutError") {
      throw new ApiError(`The server did not answer within ${limitMs / 1000} seconds. It may be busy.`, {
        status: 0,
        code: "timeout",
        cause,
      });
    }
    throw new ApiError("The server can't be reached. It may be restarting.", {
      status: 0,
      code: "unreachable",
      cause,
    });
  }
  if (!response.ok) throw await readApiError(response);
  return response;
}

const MAX_VIEW_LENGTH = 2000;

/** On which page somebody acts, for the audit trail; nothing where its address is too long. */
function viewHeader(): Record<string, string> {
  if (typeof window === "undefined") return {};
  const view = `${location.pathname}${location.search}`;
  return view.length <= MAX_VIEW_LENGTH ? { "nagare-view": view } : {};
}

async function readAnswer<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
  const facts = {
    status: response.status,
    code: "unreadable",
    requestId: response.headers.get("x-request-id"),
  };
  let answer: unknown;
  try {
    answer = response.status === 204 ? null : await response.json();
  } catch (cause) {
    throw new ApiError("The answer was cut off or is not JSON. Try again.", { ...facts, cause });
  }
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new ApiError("The answer has a shape that this page does not know. Reload the page.", {
    ...facts,
    cause: parsed.error,
  });
}
