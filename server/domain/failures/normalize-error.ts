import { createHash } from "node:crypto";
import { ERROR_LIMITS, type ErrorCause, type ErrorKind, type ErrorRecord } from "../error-record.ts";
import { answerTemplate, isJson } from "./answer-template.ts";
import { isStackLine, userFrames } from "./stack-frames.ts";

/** What is the same in every occurrence of an error. */
export type NormalizedError = {
  kind: ErrorKind;
  name: string;
  /** With placeholders for what differs. */
  message: string;
  code?: string;
  status?: number;
  /** What the answer of an HTTP consumer said. */
  answer?: string;
  /** Calls in the user's own code, nearest to the fault first. */
  frames: string[];
  /** Nearest first, each once. */
  causes: ErrorCause[];
};

const MAX_MESSAGE = 600;
/** Read of a message; whatever comes behind it tells nothing new. */
const READ_OF_MESSAGE = 2000;

/**
 * An error without what differs from one occurrence to the next. Class, code, status, and the frames of the user's
 * code stay, and so do the causes: where a record names none, they are read from the trace of a JVM or of .NET.
 */
export function normalizeError(error: ErrorRecord): NormalizedError {
  const stack = error.stack ?? error.message;
  const answer = error.bodyExcerpt === undefined ? "" : template(error.bodyExcerpt);
  return {
    kind: error.kind,
    name: boundedName(error.name),
    message: template(error.message),
    ...(error.code === undefined ? {} : { code: error.code.slice(0, ERROR_LIMITS.code) }),
    ...(error.status === undefined ? {} : { status: error.status }),
    ...(answer === "" ? {} : { answer }),
    frames: userFrames(stack),
    causes: uniqueCauses(error.causes ?? causesInStack(stack)),
  };
}

/** Raised whenever other errors than before fall together: fingerprints of two versions can't be compared. */
const FINGERPRINT_VERSION = 1;

export type FailureOrigin = { consumer: string; type: string; error: ErrorRecord };

/**
 * The identity of a failure case: consumer, event type and normalised error. It is the version and the first half of
 * a SHA-256, and the same on every machine.
 */
export function fingerprintOf({ consumer, type, error }: FailureOrigin): string {
  const { kind, name, message, code, status, answer, frames, causes } = normalizeError(error);
  const parts = [
    consumer,
    type,
    kind,
    name,
    message,
    code ?? null,
    status ?? null,
    answer ?? null,
    frames,
    causes.map((cause) => [cause.name, cause.message, cause.code ?? null]),
  ];
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `${FINGERPRINT_VERSION}-${digest.slice(0, 32)}`;
}

/** The words of a message: its lines without those of a stack trace. */
function template(message: string): string {
  const read = message.slice(0, READ_OF_MESSAGE).toWellFormed();
  if (isJson(read)) return bounded(answerTemplate(read));
  const lines = read.split("\n").filter((line) => !isStackLine(line));
  return bounded(answerTemplate(lines.join("\n").replace(/\s+/g, " ")));
}

/** Cut where a word ends, so that half of one is not taken for another. */
function bounded(text: string): string {
  const clean = text.replace(/\s+/g, " ").trim();
  if (clean.length <= MAX_MESSAGE) return clean;
  const end = clean.lastIndexOf(" ", MAX_MESSAGE);
  return clean.slice(0, end > 0 ? end : MAX_MESSAGE).toWellFormed();
}

function boundedName(name: string): string {
  return name.slice(0, ERROR_LIMITS.name).trim().toWellFormed();
}

const CAUSE_IN_STACK =
  /^\s{0,9}(?:Caused by: |-{1,3}> )(?<name>[\w.$]{1,200})(?:: (?<message>.{0,1000}))?$/gm;

function causesInStack(stack: string): ErrorCause[] {
  return [...stack.matchAll(CAUSE_IN_STACK)].map(({ groups = {} }) => ({
    name: groups.name ?? "",
    message: groups.message ?? "",
  }));
}

function uniqueCauses(causes: readonly ErrorCause[]): ErrorCause[] {
  const seen = new Map<string, ErrorCause>();
  for (const { name, message, code } of causes.slice(0, ERROR_LIMITS.causes)) {
    const cause = {
      name: boundedName(name),
      message: template(message),
      ...(code === undefined ? {} : { code }),
    };
    seen.set(JSON.stringify(cause), cause);
  }
  return [...seen.values()];
}
