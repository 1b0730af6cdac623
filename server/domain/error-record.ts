import { boundedText } from "./bounded-text.ts";

export const ERROR_KINDS = [
  /** A handler in this process threw. */
  "handler",
  /** An HTTP consumer answered with a status that is no success. */
  "http",
  /** No outcome within the subscription's timeout. */
  "timeout",
  /** The consumer couldn't be reached, or the connection broke: name resolution, TCP, TLS. */
  "network",
  /** The worker that held the delivery stopped without saying how it ended. */
  "lease-expired",
  /** The target's address may not be called from here. */
  "refused-address",
  /** A system with its own delivery reported it. */
  "reported",
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** An error as it is stored with an attempt: plain, bounded, fit for `text` and `jsonb` columns. */
export type ErrorRecord = {
  kind: ErrorKind;
  name: string;
  message: string;
  /** The machine's word for it: `ECONNREFUSED`, an SQLSTATE. */
  code?: string;
  stack?: string;
  /** The status that an HTTP consumer answered with. */
  status?: number;
  /** The beginning of what an HTTP consumer answered. */
  bodyExcerpt?: string;
  /** What led to it, nearest first. */
  causes?: ErrorCause[];
};
export type ErrorCause = Pick<ErrorRecord, "name" | "message" | "code">;

export const ERROR_LIMITS = {
  name: 200,
  code: 100,
  message: 4000,
  stack: 16_000,
  bodyExcerpt: 4000,
  causes: 5,
};

const NAMES: Record<ErrorKind, string> = {
  handler: "Error",
  http: "HttpError",
  timeout: "TimeoutError",
  network: "NetworkError",
  "lease-expired": "LeaseExpiredError",
  "refused-address": "RefusedAddressError",
  reported: "Error",
};

/** An error that we found ourselves, in our own words. */
export function describeError(kind: ErrorKind, message: string): ErrorRecord {
  return { kind, name: NAMES[kind], message: boundedText(message, ERROR_LIMITS.message) };
}

/** What was thrown, which in JavaScript may be anything. */
export function errorFromThrown(thrown: unknown, kind: ErrorKind = "handler"): ErrorRecord {
  const cause = describeThrown(thrown, NAMES[kind]);
  const stack = readText(thrown, "stack", ERROR_LIMITS.stack);
  const causes = listCauses(thrown);
  return {
    kind,
    ...cause,
    ...(stack === null ? {} : { stack }),
    ...(causes.length === 0 ? {} : { causes }),
  };
}

const TIMEOUT_NAMES: ReadonlySet<string> = new Set([
  "TimeoutError",
  "ConnectTimeoutError",
  "HeadersTimeoutError",
  "BodyTimeoutError",
]);

/** What a request to an HTTP consumer threw before there was an answer: `timeout` or `network`. */
export function errorFromRequest(thrown: unknown): ErrorRecord {
  const error = errorFromThrown(thrown, "network");
  const chain: ErrorCause[] = [error, ...(error.causes ?? [])];
  const isTimeout = chain.some(({ name, code }) => TIMEOUT_NAMES.has(name) || code === "ETIMEDOUT");
  // `fetch failed` says nothing; the code stands on its cause.
  const code = chain.find((cause) => cause.code !== undefined)?.code;
  return { ...error, kind: isTimeout ? "timeout" : "network", ...(code === undefined ? {} : { code }) };
}

export type HttpAnswer = {
  status: number;
  statusText?: string;
  /** The body, or as much of it as was read. */
  body: Uint8Array | string;
  /** Who answered. */
  who?: "consumer" | "destination";
};

/** An HTTP consumer's answer that is no success. */
export function errorFromHttpAnswer({
  status,
  statusText = "",
  body,
  who = "consumer",
}: HttpAnswer): ErrorRecord {
  const excerpt = boundedText(bodyText(body), ERROR_LIMITS.bodyExcerpt).trim();
  const phrase = boundedText(statusText, ERROR_LIMITS.name).trim();
  return {
    ...describeError("http", `The ${who} answered ${status}${phrase === "" ? "" : ` ${phrase}`}.`),
    status,
    ...(excerpt === "" ? {} : { bodyExcerpt: excerpt }),
  };
}

/** An error in one text, as lists show it and searches read it: what an HTTP consumer answered is the half of it. */
export function errorText({ message, bodyExcerpt }: Pick<ErrorRecord, "message" | "bodyExcerpt">): string {
  return bodyExcerpt === undefined ? message : `${message} ${bodyExcerpt}`;
}

/** A character takes at most four bytes. */
const BODY_BYTES = ERROR_LIMITS.bodyExcerpt * 4;

function bodyText(body: Uint8Array | string): string {
  if (typeof body === "string") return body;
  const isCut = body.length > BODY_BYTES;
  return new TextDecoder().decode(body.subarray(0, BODY_BYTES), { stream: isCut });
}

/** The causes of an error, the parts of an `AggregateError` among them, breadth first. */
function listCauses(thrown: unknown): ErrorCause[] {
  const causes: ErrorCause[] = [];
  const seen = new Set<unknown>([thrown]);
  const queue = [...directCauses(thrown)];
  for (const next of queue) {
    if (causes.length >= ERROR_LIMITS.causes) break;
    if (seen.has(next)) continue;
    seen.add(next);
    causes.push(describeThrown(next, "Error"));
    queue.push(...directCauses(next));
  }
  return causes;
}

function directCauses(thrown: unknown): unknown[] {
  const cause = readProperty(thrown, "cause");
  const parts = readProperty(thrown, "errors");
  const isAggregate = Array.isArray(parts) && thrown instanceof Error;
  return [
    ...(cause === undefined || cause === null ? [] : [cause]),
    ...(isAggregate ? parts.slice(0, ERROR_LIMITS.causes) : []),
  ];
}

function describeThrown(thrown: unknown, fallbackName: string): ErrorCause {
  const name = readText(thrown, "name", ERROR_LIMITS.name);
  const message = readText(thrown, "message", ERROR_LIMITS.message);
  const code = readText(thrown, "code", ERROR_LIMITS.code);
  return {
    name: name ?? fallbackName,
    message: message ?? boundedText(wordsFor(thrown), ERROR_LIMITS.message),
    ...(code === null ? {} : { code }),
  };
}

/** Words for a thrown value without a message. */
function wordsFor(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  try {
    const json = typeof thrown === "object" ? JSON.stringify(thrown) : undefined;
    return `Something that is no error was thrown: ${json ?? String(thrown)}`;
  } catch {
    return `Something that is no error was thrown, of type ${typeof thrown}.`;
  }
}

function readText(thrown: unknown, property: string, limit: number): string | null {
  const value = readProperty(thrown, property);
  if (typeof value !== "string" && typeof value !== "number") return null;
  const text = boundedText(String(value), limit);
  return text === "" ? null : text;
}

/** A property of whatever was thrown; a getter that throws has none. */
function readProperty(thrown: unknown, property: string): unknown {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  try {
    return Reflect.get(thrown, property);
  } catch {
    return undefined;
  }
}
