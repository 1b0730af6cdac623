import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { getJson, sendJson } from "./api-client.ts";
import { ApiError, parseRetryAfter } from "./api-error.ts";
import { apiPath } from "./api-path.ts";
import { retryDelayMs, shouldRetry } from "./query-client.ts";

const answer = z.object({ total: z.number() });

function respondWith(response: Response | Error) {
  const fetchMock = vi.fn(async (_url: string, _init: RequestInit) => {
    if (response instanceof Error) throw response;
    return response;
  });
  vi.stubGlobal("fetch", fetchMock);
  return fetchMock;
}

async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.catch((caught: unknown) => caught);
  if (error instanceof ApiError) return error;
  throw new Error(`expected an ApiError, got ${String(error)}`);
}

afterEach(() => vi.unstubAllGlobals());

describe("paths", () => {
  test("repeat a key for every value and leave out what is empty", () => {
    expect(apiPath("/events", { type: ["a.*", "b c"], q: "", kind: undefined, limit: 50 })).toBe(
      "/api/v1/events?type=a.*&type=b+c&limit=50",
    );
    expect(apiPath("/events")).toBe("/api/v1/events");
  });
});

describe("a read", () => {
  test("gives the checked answer", async () => {
    respondWith(Response.json({ total: 3 }));
    expect(await getJson("/events", answer)).toEqual({ total: 3 });
  });

  test("turns a problem document into its code, detail and request id", async () => {
    respondWith(
      Response.json(
        {
          type: "about:blank",
          title: "Service Unavailable",
          status: 503,
          detail: "The write buffer is full. Send again in 2 seconds.",
          code: "overloaded",
          requestId: "req-1",
        },
        { status: 503, headers: { "retry-after": "2" } },
      ),
    );
    const error = await errorOf(getJson("/events", answer));
    expect(error).toMatchObject({
      status: 503,
      code: "overloaded",
      requestId: "req-1",
      retryAfterSeconds: 2,
      message: "The write buffer is full. Send again in 2 seconds.",
      isTransient: true,
    });
  });

  test("says so when a refusal is not a problem document", async () => {
    respondWith(new Response("<html>", { status: 502, statusText: "Bad Gateway" }));
    expect(await errorOf(getJson("/events", answer))).toMatchObject({ status: 502, code: "unreadable" });
  });

  test("says so when nobody answers", async () => {
    respondWith(new TypeError("fetch failed"));
    expect(await errorOf(getJson("/events", answer))).toMatchObject({ status: 0, code: "unreachable" });
  });

  test("says so when the answer takes too long", async () => {
    vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort());
    respondWith(new DOMException("Timed out", "TimeoutError"));
    const error = await errorOf(getJson("/events", answer));
    vi.restoreAllMocks();
    expect(error).toMatchObject({ status: 0, code: "timeout" });
    expect(shouldRetry(0, error)).toBe(false);
  });

  test("says so when the answer has another shape", async () => {
    respondWith(Response.json({ total: "3" }));
    expect(await errorOf(getJson("/events", answer))).toMatchObject({ status: 200, code: "unreadable" });
  });

  test("lets an aborted request be an abort, not a failure", async () => {
    const abort = new DOMException("Aborted", "AbortError");
    respondWith(abort);
    await expect(getJson("/events", answer, { signal: AbortSignal.abort() })).rejects.toBe(abort);
  });
});

test("a change carries its body as JSON", async () => {
  const fetchMock = respondWith(Response.json({ total: 1 }));
  await sendJson("POST", "/replays", answer, { body: { dryRun: true } });
  expect(fetchMock.mock.calls[0]?.[1]).toMatchObject({ method: "POST", body: '{"dryRun":true}' });
});

describe("retries", () => {
  const refused = new ApiError("no", { status: 404, code: "not-found" });
  const down = new ApiError("down", { status: 0, code: "unreachable" });

  test("never repeat what was refused, and end", () => {
    expect(shouldRetry(0, refused)).toBe(false);
    expect([0, 1, 2, 3].map((failures) => shouldRetry(failures, down))).toEqual([true, true, true, false]);
  });

  test("wait as long as the server asked", () => {
    const busy = new ApiError("busy", { status: 429, code: "rate-limited", retryAfterSeconds: 7 });
    expect(retryDelayMs(0, busy)).toBe(7000);
    expect([0, 1, 2].map((failures) => retryDelayMs(failures, down))).toEqual([500, 1000, 2000]);
  });

  test("read both forms of Retry-After", () => {
    const now = Date.parse("2026-01-31T12:00:00Z");
    expect(parseRetryAfter("12", now)).toBe(12);
    expect(parseRetryAfter("Sat, 31 Jan 2026 12:00:30 GMT", now)).toBe(30);
    expect(parseRetryAfter("soon", now)).toBeNull();
    expect(parseRetryAfter(null, now)).toBeNull();
  });
});
