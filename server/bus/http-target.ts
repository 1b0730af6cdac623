import type { TargetDto } from "#server/contract/bus.ts";
import { binaryHeaders } from "#server/domain/envelope/write-envelope.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { signWebhook, webhookIdOf } from "#server/domain/standard-webhooks.ts";
import type { Clock } from "#server/platform/clock.ts";
import type { Env } from "#server/platform/env.ts";
import type { Resolve } from "./guarded-lookup.ts";
import { createGuardedPost, type PostFailure } from "./guarded-post.ts";
import type { Message } from "./http-message.ts";

export type HttpTarget = Extract<TargetDto, { kind: "http" }>;

export type HttpOutcome = { kind: "succeeded" } | PostFailure;

export type PostOptions = { timeoutMs: number; attempt: number };

/** Posts an event to an HTTP consumer, once. Never throws for what the consumer or the network does. */
export type PostEvent = (
  target: HttpTarget,
  event: EventEnvelope,
  options: PostOptions,
) => Promise<HttpOutcome>;

/** What goes over the connection's own business, or is ours to say. */
const OWN_HEADERS =
  /^(host|connection|content-length|transfer-encoding|upgrade|expect|te|trailer)$|^(ce|webhook)-/i;

/** Makes the way to HTTP consumers: CloudEvents in binary mode, signed as Standard Webhooks says. */
export function createPostEvent(
  env: Pick<Env, "allowedTargets">,
  { clock, resolve }: { clock: Clock; resolve?: Resolve },
): PostEvent {
  const post = createGuardedPost(env, { clock, resolve, who: "consumer" });
  return async (target, event, { timeoutMs, attempt }) => {
    const message = messageOf(target, event, { attempt, now: clock.now() });
    const outcome = await post(target.url, { message, ownHeaders: ownHeaders(target), timeoutMs });
    return outcome.kind === "succeeded" ? { kind: "succeeded" } : outcome;
  };
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
