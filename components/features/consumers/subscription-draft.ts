import type { z } from "zod";
import { subscriptionInputSchema } from "#server/contract/bus.ts";
import type { SubscriptionDto } from "#server/contract/subscriptions.ts";
import type { OnDead, Ordering } from "#server/domain/ordering.ts";
import { DEFAULT_RETRY_POLICY } from "#server/domain/retry-policy.ts";

export const TARGET_KINDS = ["http", "handler", "external"] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

export const STARTS = ["now", "beginning", "position"] as const;
export type Start = (typeof STARTS)[number];

/** A subscription as it is typed: texts, also where they are no number and no JSON yet. */
export type SubscriptionDraft = {
  consumer: string;
  /** `*` for every event. */
  channel: string;
  filters: string;
  targetKind: TargetKind;
  url: string;
  handler: string;
  /** One a line. */
  secrets: string;
  /** A JSON object. */
  headers: string;
  ordering: Ordering;
  onDead: OnDead;
  concurrency: string;
  retries: string;
  baseMs: string;
  timeoutMs: string;
  start: Start;
  startPosition: string;
};

export type DraftField = keyof SubscriptionDraft;

/** The body of `PUT /api/v1/subscriptions/{consumer}`. */
export type SubscriptionBody = z.input<typeof subscriptionInputSchema>;

export type DraftProblem = { field: DraftField } & (
  | { kind: "required" | "not-json" | "not-a-number" }
  /** In the words of the contract. */
  | { kind: "refused"; message: string }
);

export const EMPTY_DRAFT: SubscriptionDraft = {
  consumer: "",
  channel: "*",
  filters: "[]",
  targetKind: "http",
  url: "",
  handler: "",
  secrets: "",
  headers: "{}",
  ordering: "none",
  onDead: "block",
  concurrency: "10",
  retries: String(DEFAULT_RETRY_POLICY.retries),
  baseMs: String(DEFAULT_RETRY_POLICY.baseMs),
  timeoutMs: "30000",
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
    filters: JSON.stringify(subscription.filters, null, 2),
    targetKind: target.kind,
    url: target.kind === "http" && !hasHiddenPassword(target.url) ? target.url : "",
    handler: target.kind === "handler" ? target.name : "",
    ordering: subscription.ordering,
    onDead: subscription.onDead,
    concurrency: String(subscription.concurrency),
    retries: String(retry.retries),
    baseMs: String(retry.baseMs),
    timeoutMs: String(subscription.timeoutMs),
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

type ReadDraft =
  | { kind: "valid"; body: SubscriptionBody }
  | { kind: "invalid"; problems: readonly DraftProblem[] };

/**
 * The body that a draft stands for, or what is wrong with it, field by field.
 *
 * @param subscription the one that is changed: what the form does not show of it stays as it is
 */
export function readDraft(draft: SubscriptionDraft, subscription: SubscriptionDto | null): ReadDraft {
  const problems: DraftProblem[] = [];
  const required = (field: DraftField) => {
    const text = draft[field].trim();
    if (text === "") problems.push({ field, kind: "required" });
    return text;
  };
  const json = (field: DraftField): unknown => {
    try {
      return JSON.parse(draft[field]);
    } catch {
      problems.push({ field, kind: "not-json" });
      return undefined;
    }
  };
  const number = (field: DraftField) => {
    const text = required(field);
    if (text !== "" && !/^-?\d+$/.test(text)) problems.push({ field, kind: "not-a-number" });
    return Number(text);
  };
  required("consumer");
  const candidate = {
    channel: draft.channel,
    filters: json("filters"),
    target: readTarget(draft, { required, json }),
    ordering: draft.ordering,
    onDead: draft.onDead,
    concurrency: number("concurrency"),
    retry: { ...subscription?.retry, retries: number("retries"), baseMs: number("baseMs") },
    timeoutMs: number("timeoutMs"),
    ...(subscription === null && {
      startFrom: draft.start === "position" ? required("startPosition") : draft.start,
    }),
  };
  if (problems.length > 0) return { kind: "invalid", problems };
  const parsed = subscriptionInputSchema.safeParse(candidate);
  if (!parsed.success) return { kind: "invalid", problems: parsed.error.issues.map(toProblem) };
  // The schema has just taken it as its input.
  return { kind: "valid", body: candidate as SubscriptionBody };
}

type Readers = { required: (field: DraftField) => string; json: (field: DraftField) => unknown };

function readTarget(draft: SubscriptionDraft, { required, json }: Readers) {
  switch (draft.targetKind) {
    case "external":
      return { kind: "external" };
    case "handler":
      return { kind: "handler", name: required("handler") };
    case "http": {
      const secrets = draft.secrets.split(/\s+/).filter((secret) => secret !== "");
      const headers = json("headers");
      const hasHeaders = typeof headers !== "object" || headers === null || Object.keys(headers).length > 0;
      return {
        kind: "http",
        url: required("url"),
        ...(secrets.length > 0 && { secrets }),
        ...(hasHeaders && { headers }),
      };
    }
  }
}

const FIELD_OF_PATH: readonly (readonly [path: string, field: DraftField])[] = [
  ["target.url", "url"],
  ["target.name", "handler"],
  ["target.secrets", "secrets"],
  ["target.headers", "headers"],
  ["retry.retries", "retries"],
  ["retry.baseMs", "baseMs"],
  ["filters", "filters"],
  ["channel", "channel"],
  ["concurrency", "concurrency"],
  ["timeoutMs", "timeoutMs"],
  ["startFrom", "startPosition"],
];

function toProblem({ path, message }: { path: PropertyKey[]; message: string }): DraftProblem {
  const at = path.join(".");
  const found = FIELD_OF_PATH.find(([prefix]) => at === prefix || at.startsWith(`${prefix}.`));
  if (found === undefined) return { field: "consumer", kind: "refused", message };
  const [prefix, field] = found;
  const inside = at.slice(prefix.length + 1);
  return { field, kind: "refused", message: inside === "" ? message : `${inside}: ${message}` };
}
