import { Agent as HttpAgent, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { isIP } from "node:net";
import { createAddressGuard } from "#server/domain/address-guard.ts";
import {
  describeError,
  type ErrorRecord,
  errorFromHttpAnswer,
  errorFromRequest,
} from "#server/domain/error-record.ts";
import { parseRetryAfter } from "#server/domain/retry-after.ts";
import { classifyHttpStatus } from "#server/domain/retry-policy.ts";
import type { Clock } from "#server/platform/clock.ts";
import type { Env } from "#server/platform/env.ts";
import { createGuardedLookup, RefusedAddressError, type Resolve, resolveName } from "./guarded-lookup.ts";
import { discard, type Message, readBeginning, sendMessage } from "./http-message.ts";

export type PostFailure = {
  kind: "failed";
  isTimeout: boolean;
  error: ErrorRecord;
  retryable: boolean;
  retryAfterMs: number;
};
export type PostOutcome = { kind: "succeeded"; status: number } | PostFailure;

export type PostRequest = {
  message: Message;
  /** Further headers, which are not sent on to another origin. */
  ownHeaders?: Record<string, string>;
  timeoutMs: number;
};

/** Posts a message to a URL, once. Never throws for what the other side or the network does. */
export type GuardedPost = (url: string, request: PostRequest) => Promise<PostOutcome>;

const MAX_REDIRECTS = 3;
/** Those after which the same message belongs elsewhere; 303 asks for another kind of request. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308]);

/**
 * Makes the way to URLs that people name. Whatever address a connection goes to was judged first, on every redirect: the
 * judged address is the one that is connected to.
 *
 * @param who what is behind the URLs, for messages about errors.
 */
export function createGuardedPost(
  { allowedTargets }: Pick<Env, "allowedTargets">,
  {
    clock,
    resolve = resolveName,
    who,
  }: { clock: Clock; resolve?: Resolve | undefined; who: "consumer" | "destination" },
): GuardedPost {
  const guard = createAddressGuard(allowedTargets);
  const lookup = createGuardedLookup(guard, resolve);
  const agents = {
    "http:": new HttpAgent({ keepAlive: true, lookup }),
    "https:": new HttpsAgent({ keepAlive: true, lookup }),
  };

  /** Names are judged when they are resolved; an address that stands in the URL is never resolved. */
  function judgeLiteral({ hostname }: URL): void {
    const address = hostname.replace(/^\[|\]$/g, "");
    if (isIP(address) === 0) return;
    const verdict = guard(address);
    if (verdict.kind === "refused") throw new RefusedAddressError(address, address, verdict.reason);
  }

  async function send(
    first: URL,
    { message, ownHeaders = {} }: PostRequest,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    let url = first;
    for (let redirects = 0; ; redirects += 1) {
      judgeLiteral(url);
      const isSameOrigin = url.origin === first.origin;
      const headers = isSameOrigin ? { ...ownHeaders, ...message.headers } : message.headers;
      const answer = await sendMessage(url, { ...message, headers }, { agents, signal });
      const { location } = answer.headers;
      if (location === undefined || !REDIRECTS.has(answer.statusCode ?? 0)) return answer;
      discard(answer);
      if (redirects === MAX_REDIRECTS) {
        throw new RedirectError(
          `The ${who} redirected more than ${MAX_REDIRECTS} times, last to ${location}.`,
        );
      }
      url = nextUrl(url, location, who);
    }
  }

  return async (url, request) => {
    const signal = AbortSignal.timeout(request.timeoutMs);
    try {
      const answer = await send(new URL(url), request, signal);
      const { statusCode: status = 0, statusMessage: statusText = "" } = answer;
      const verdict = classifyHttpStatus(status);
      if (verdict === "success") {
        discard(answer);
        return { kind: "succeeded", status };
      }
      const error = errorFromHttpAnswer({ status, statusText, body: await readBeginning(answer), who });
      const wait = parseRetryAfter(answer.headers["retry-after"], clock.now().getTime());
      const retryable = verdict === "retry";
      return { kind: "failed", isTimeout: false, error, retryable, retryAfterMs: wait ?? 0 };
    } catch (thrown) {
      return failureOf(thrown, signal, { timeoutMs: request.timeoutMs, who });
    }
  };
}

class RedirectError extends Error {
  override readonly name = "RedirectError";
}

function nextUrl(from: URL, location: string, who: string): URL {
  if (!URL.canParse(location, from)) {
    throw new RedirectError(`The ${who} redirected to something that is no address: ${location}`);
  }
  const url = new URL(location, from);
  const isKnown = url.protocol === "https:" || url.protocol === "http:";
  const isWeaker = from.protocol === "https:" && url.protocol === "http:";
  if (!isKnown || isWeaker)
    throw new RedirectError(`The ${who} redirected from ${from.protocol} to ${location}.`);
  return url;
}

function failureOf(
  thrown: unknown,
  signal: AbortSignal,
  { timeoutMs, who }: { timeoutMs: number; who: string },
): PostFailure {
  const refused = findRefusal(thrown);
  if (refused !== null) {
    const error = describeError("refused-address", refused.message);
    return { kind: "failed", isTimeout: false, error, retryable: false, retryAfterMs: 0 };
  }
  if (signal.aborted) {
    const error = describeError("timeout", `The ${who} did not answer within ${timeoutMs} ms.`);
    return { kind: "failed", isTimeout: true, error, retryable: true, retryAfterMs: 0 };
  }
  const error = errorFromRequest(thrown);
  return { kind: "failed", isTimeout: error.kind === "timeout", error, retryable: true, retryAfterMs: 0 };
}

function findRefusal(thrown: unknown): RefusedAddressError | null {
  if (thrown instanceof RefusedAddressError) return thrown;
  return thrown instanceof Error && thrown.cause !== undefined ? findRefusal(thrown.cause) : null;
}
