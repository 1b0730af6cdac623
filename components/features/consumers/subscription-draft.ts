import type { z } from "zod";
import type { subscriptionInputSchema } from "#server/contract/bus.ts";
import type { SubscriptionDto } from "#server/contract/subscriptions.ts";
import type { OnDead, Ordering } from "#server/domain/ordering.ts";
import { DEFAULT_RETRY_POLICY, type Jitter, type RetryPolicy } from "#server/domain/retry-policy.ts";

export const TARGET_KINDS = ["http", "handler", "external"] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

export const STARTS = ["now", "beginning", "position"] as const;
export type Start = (typeof STARTS)[number];

/** A subscription as it is typed: texts, also where they are no number and no JSON yet. */
export type SubscriptionDraft = {
  consumer: string;
  /** `*` for every event. */
  channel: string;
  /** A JSON array; empty for none. */
  filters: string;
  targetKind: TargetKind;
  url: string;
  handler: string;
  /** One a line. */
  secrets: string;
  /** A JSON object; empty for none. */
  headers: string;
  ordering: Ordering;
  onDead: OnDead;
  concurrency: string;
  timeoutMs: string;
  retries: string;
  baseMs: string;
  factor: string;
  capMs: string;
  jitter: Jitter;
  start: Start;
  startPosition: string;
};

export type DraftField = keyof SubscriptionDraft;

/** The body of `PUT /api/v1/subscriptions/{consumer}`. */
export type SubscriptionBody = z.input<typeof subscriptionInputSchema>;

export const EMPTY_DRAFT: SubscriptionDraft = {
  consumer: "",
  channel: "*",
  filters: "",
  targetKind: "http",
  url: "",
  handler: "",
  secrets: "",
  headers: "",
  ordering: "none",
  onDead: "block",
  concurrency: "10",
  timeoutMs: "30000",
  ...draftOfRetry(DEFAULT_RETRY_POLICY),
  start: "now",
  startPosition: "",
};

/** The draft that changes a subscription. Secrets and header values are not known here, and so left out. */
export function draftOf(subscription: SubscriptionDto): SubscriptionDraft {
  const { target, retry } = subscription;
  return {
    ...EMPTY_DRAFT,
    consumer: subscription.consumer,
    channel: subscription.channel ?? "*",
    filters: subscription.filters.length === 0 ? "" : JSON.stringify(subscription.filters, null, 2),
    targetKind: target.kind,
    url: target.kind === "http" && !hasHiddenPassword(target.url) ? target.url : "",
    handler: target.kind === "handler" ? target.name : "",
    ordering: subscription.ordering,
    onDead: subscription.onDead,
    concurrency: String(subscription.concurrency),
    timeoutMs: String(subscription.timeoutMs),
    ...draftOfRetry(retry),
  };
}

function draftOfRetry({ retries, baseMs, factor, capMs, jitter }: RetryPolicy) {
  return {
    retries: String(retries),
    baseMs: String(baseMs),
    factor: String(factor),
    capMs: String(capMs),
    jitter,
  };
}

/** Whether saving the draft of a subscription would lose something that the server does not show. */
export function losesHidden(draft: SubscriptionDraft, subscription: SubscriptionDto | null): boolean {
  if (subscription?.target.kind !== "http" || draft.targetKind !== "http") return false;
  const { secretCount, headerNames } = subscription.target;
  const losesSecrets = secretCount > 0 && draft.secrets.trim() === "";
  return losesSecrets || (headerNames.length > 0 && /^\s*(\{\s*\})?\s*$/.test(draft.headers));
}

/** The server shows a password in an address as an ellipsis. */
function hasHiddenPassword(url: string): boolean {
  return URL.canParse(url) && decodeURIComponent(new URL(url).password) === "…";
}
