import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import type { RejectionDto } from "#server/contract/events.ts";
import type { Rejection } from "#server/ingest/ingest-meter.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError, type ErrorCode } from "#server/platform/errors.ts";

type Ctx = Pick<Context, "meters">;

/** Counts the events of a body that were refused before they came to be stored. */
export function countRejections({ meters }: Ctx, rejected: readonly Pick<RejectionDto, "code">[]): void {
  for (const { code } of rejected) meters.ingest.reject(code === "too-large" ? "too-large" : "invalid");
}

/** What is refused later than that is counted where it is refused. */
const UNREADABLE: Partial<Record<ErrorCode, Rejection>> = {
  invalid: "invalid",
  unreadable: "invalid",
  "unsupported-media-type": "invalid",
  "too-large": "too-large",
};

/** For routes that take events: counts a request that could not be read as one event that was refused. */
export function countUnreadable(ctx: Ctx) {
  return async (_request: FastifyRequest, _reply: FastifyReply, error: FastifyError): Promise<void> =>
    countFailure(ctx, error);
}

/** Counts a failed request as one event that was refused, where what it brought could not be read. */
export function countFailure({ meters }: Ctx, error: FastifyError): void {
  const reason = error instanceof AppError ? UNREADABLE[error.code] : reasonOf(error);
  if (reason !== undefined) meters.ingest.reject(reason);
}

function reasonOf({ statusCode }: FastifyError): Rejection | undefined {
  if (statusCode === 413) return "too-large";
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? "invalid" : undefined;
}
