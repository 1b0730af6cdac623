import { Agent as HttpAgent, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { isIP } from "node:net";
import type { TargetDto } from "#server/contract/bus.ts";
import { createAddressGuard } from "#server/domain/address-guard.ts";
import { binaryHeaders } from "#server/domain/envelope/write-envelope.ts";
import {
  describeError,
  type ErrorRecord,
  errorFromHttpAnswer,
  errorFromRequest,
} from "#server/domain/error-record.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { parseRetryAfter } from "#server/domain/retry-after.ts";
import { classifyHttpStatus } from "#server/domain/retry-policy.ts";
import { signWebhook, webhookIdOf } from "#server/domain/standard-webhooks.ts";
import type { Clock } from "#server/platform/clock.ts";
import type { Env } from "#server/platform/env.ts";
import { createGuardedLookup, RefusedAddressError, type Resolve, resolveName } from "./guarded-lookup.ts";
import { discard, type Message, readBeginning, sendMessage } from "./http-message.ts";

export type HttpTarget = Extract<TargetDto, { kind: "http" }>;

export type HttpOutcome =
  | { kind: "succeeded" }
  | { kind: "failed"; isTimeout: boolean; error: ErrorRecord; retryable: boolean; retryAfterMs: number };

export type PostOptions = { timeoutMs: number; attempt: number };

/** Posts an event to an HTTP consumer, once. Never throws for what the consumer or the network does. */
export type PostEvent = (
  target: HttpTarget,
  event: EventEnvelope,
  options: PostOptions,
) => Promise<HttpOutcome>;

const MAX_REDIRECTS = 3;
/** Those after which the same message belongs elsewhere; 303 asks for another kind of request. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308]);
/** What goes over the connection's own business, or is ours to say. */
const OWN_HEADERS =
  /^(host|connection|content-length|transfer-encoding|upgrade|expect|te|trailer)$|^(ce|webhook)-/i;

/**
 * Makes the way to HTTP consumers: CloudEvents in binary mode, signed as Standard Webhooks says. Whatever address a
 * connection goes to was judged first, on every redirect: the judged address is the one that is connected to.
 */
export function createPostEvent(
  { allowedTargets }: Pick<Env, "allowedTargets">,
  { clock, resolve = resolveName }: { clock: Clock; resolve?: Resolve },
): PostEvent {
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

  async function send(target: HttpTarget, message: Message, signal: AbortSignal): Promise<IncomingMessage> {
    const first = new URL(target.url);
    let url = first;
    for (let redirects = 0; ; redirects += 1) {
      judgeLiteral(url);
      const isSameOrigin = url.origin === first.origin;
      const headers = isSameOrigin ? { ...ownHeaders(target), ...message.headers } : message.headers;
      const answer = await sendMessage(url, { ...message, headers }, { agents, signal });
      const { location } = answer.headers;
      if (location === undefined || !REDIRECTS.has(answer.statusCode ?? 0)) return answer;
      discard(answer);
      if (redirects === MAX_REDIRECTS) {
        throw new RedirectError(
          `The consumer redirected more than ${MAX_REDIRECTS} times, last to ${location}.`,
        );
      }
      url = nextUrl(url, location);
    }
  }

  return async (target, event, { timeoutMs, attempt }) => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await send(target, messageOf(target, event, { attempt, now: clock.now() }), signal);
      const { statusCode: status = 0, statusMessage: statusText = "" } = answer;
      const verdict = classifyHttpStatus(status);
      if (verdict === "success") {
        discard(answer);
        return { kind: "succeeded" };
      }
      const error = errorFromHttpAnswer({ status, statusText, body: await readBeginning(answer) });
      const wait = parseRetryAfter(answer.headers["retry-after"], clock.now().getTime());
      const retryable = verdict === "retry";
      return { kind: "failed", isTimeout: false, error, retryable, retryAfterMs: wait ?? 0 };
    } catch (thrown) {
      return failureOf(thrown, signal, timeoutMs);
    }
  };
}

class RedirectError extends Error {
  override readonly name = "RedirectError";
}

function messageOf(
  { secrets }: HttpTarget,
  event: EventEnvelope,
  { attempt, now }: { attempt: number; now: Date },
): Message {
  const { headers, body } = binaryHeaders(event);
  const signed = {
    id: webhookIdOf(event.source, event.id),
    timestampS: Math.floor(now.getTime() / 1000),
    body,
  };
  return {
    headers: {
      ...headers,
      ...(secrets.length === 0 ? {} : signWebhook(signed, secrets)),
      "user-agent": "nagare",
      "nagare-attempt": String(attempt),
    },
    body,
  };
}

function ownHeaders({ headers }: HttpTarget): Record<string, string> {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(lower.filter(([name]) => !OWN_HEADERS.test(name)));
}

function nextUrl(from: URL, location: string): URL {
  if (!URL.canParse(location, from)) {
    throw new RedirectError(`The consumer redirected to something that is no address: ${location}`);
  }
  const url = new URL(location, from);
  const isKnown = url.protocol === "https:" || url.protocol === "http:";
  const isWeaker = from.protocol === "https:" && url.protocol === "http:";
  if (!isKnown || isWeaker)
    throw new RedirectError(`The consumer redirected from ${from.protocol} to ${location}.`);
  return url;
}

function failureOf(thrown: unknown, signal: AbortSignal, timeoutMs: number): HttpOutcome {
  const refused = findRefusal(thrown);
  if (refused !== null) {
    const error = describeError("refused-address", refused.message);
    return { kind: "failed", isTimeout: false, error, retryable: false, retryAfterMs: 0 };
  }
  if (signal.aborted) {
    const error = describeError("timeout", `The consumer did not answer within ${timeoutMs} ms.`);
    return { kind: "failed", isTimeout: true, error, retryable: true, retryAfterMs: 0 };
  }
  const error = errorFromRequest(thrown);
  return { kind: "failed", isTimeout: error.kind === "timeout", error, retryable: true, retryAfterMs: 0 };
}

function findRefusal(thrown: unknown): RefusedAddressError | null {
  if (thrown instanceof RefusedAddressError) return thrown;
  return thrown instanceof Error && thrown.cause !== undefined ? findRefusal(thrown.cause) : null;
}
