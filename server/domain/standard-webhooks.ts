import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/**
 * Signs what we send to HTTP consumers, so that they can tell it from what others send: Standard Webhooks 1.0
 * with symmetric secrets (`v1`, HMAC-SHA256).
 *
 * The library of the same name turns a body into text before it signs it, which breaks bodies that are not UTF-8,
 * reads the clock by itself, and parses what it has verified, which rounds large numbers.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export type WebhookHeaders = {
  "webhook-id": string;
  "webhook-timestamp": string;
  "webhook-signature": string;
};

export type WebhookMessage = {
  /** The same for every attempt to deliver one event: receivers skip what they have handled by it. */
  id: string;
  /** When this attempt is made, in whole seconds since 1970. */
  timestampS: number;
  body: Uint8Array | string;
};

export type WebhookVerdict = { kind: "verified" } | { kind: "refused"; reason: string };

const SECRET_PREFIX = "whsec_";
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** How far a receiver lets the sender's clock be from its own. */
const TOLERANCE_S = 5 * 60;

/**
 * The headers that go with a message. While a secret is being replaced, give the new one and the old one: the
 * receiver is content with a signature by either.
 *
 * @throws when there is no secret, or one that is not of the standard's form
 */
export function signWebhook(message: WebhookMessage, secrets: readonly string[]): WebhookHeaders {
  if (secrets.length === 0) throw new Error("A webhook can't be signed without a secret. Give at least one.");
  return {
    "webhook-id": message.id,
    "webhook-timestamp": String(message.timestampS),
    "webhook-signature": secrets
      .map((secret) => `v1,${signature(message, secret).toString("base64")}`)
      .join(" "),
  };
}

/** Whether a message was signed by somebody who knows one of the secrets, and not long ago. */
export function verifyWebhook(
  headers: Partial<WebhookHeaders>,
  body: Uint8Array | string,
  secrets: readonly string[],
  nowS: number,
): WebhookVerdict {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": given } = headers;
  if (!id || !timestamp || !given)
    return refused("a header is missing: webhook-id, -timestamp or -signature");
  if (!/^\d{1,12}$/.test(timestamp)) return refused("webhook-timestamp is no number of seconds");
  const timestampS = Number(timestamp);
  if (timestampS < nowS - TOLERANCE_S) return refused("it was signed too long ago");
  if (timestampS > nowS + TOLERANCE_S) return refused("it was signed in the future");
  const signatures = given
    .split(" ")
    .filter((entry) => entry.startsWith("v1,"))
    .map((entry) => Buffer.from(entry.slice(3), "base64"));
  const isKnown = secrets.some((secret) => {
    const wanted = signature({ id, timestampS, body }, secret);
    return signatures.some((found) => found.length === wanted.length && timingSafeEqual(found, wanted));
  });
  return isKnown ? { kind: "verified" } : refused("no signature matches");
}

/** The id under which an event is sent: its identity, without the dots that could blur what was signed. */
export function webhookIdOf(source: string, id: string): string {
  return `msg_${createHash("sha256")
    .update(JSON.stringify([source, id]))
    .digest("base64url")
    .slice(0, 32)}`;
}

/** A secret in the form in which it is shown once and stored. */
export function formatWebhookSecret(key: Uint8Array): string {
  return SECRET_PREFIX + Buffer.from(key).toString("base64");
}

/** Whether the text is a secret as the standard has it: `whsec_` (or without) and 24 to 64 bytes in base64. */
export function isWebhookSecret(secret: string): boolean {
  return readSecret(secret) !== null;
}

function signature({ id, timestampS, body }: WebhookMessage, secret: string): Buffer {
  const key = readSecret(secret);
  if (key === null) {
    throw new Error(`A webhook secret is ${SECRET_PREFIX} and 24 to 64 bytes in base64. Make a new one.`);
  }
  return createHmac("sha256", key).update(`${id}.${timestampS}.`).update(body).digest();
}

function readSecret(secret: string): Buffer | null {
  const base64 = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret;
  if (!BASE64.test(base64)) return null;
  const key = Buffer.from(base64, "base64");
  return key.length >= MIN_SECRET_BYTES && key.length <= MAX_SECRET_BYTES ? key : null;
}

function refused(reason: string): WebhookVerdict {
  return { kind: "refused", reason };
}
