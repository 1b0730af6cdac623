/** What can go wrong, in words. Only `server/http` knows their status numbers. */
export const ERROR_CODES = [
  "invalid",
  "unreadable",
  "unsupported-media-type",
  "too-large",
  "not-found",
  "conflict",
  "forbidden",
  "overloaded",
  "unavailable",
  "internal",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

type AppErrorOptions = {
  cause?: unknown;
  /** For `overloaded` and `unavailable`: when trying again makes sense. */
  retryAfterSeconds?: number;
};

/** A broken promise of the program. The message says what happened and what to do, and may be shown to the caller. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, { cause, retryAfterSeconds }: AppErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
