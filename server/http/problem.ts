import { STATUS_CODES } from "node:http";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import type { RejectionDto } from "#server/contract/events.ts";
import type { PlacedProblemDto, ProblemDto, SchemaBreakDto } from "#server/contract/problem.ts";
import { AppError, type ErrorCode } from "#server/platform/errors.ts";
import type { Log } from "#server/platform/log.ts";

const STATUS: Record<ErrorCode, number> = {
  invalid: 400,
  unreadable: 400,
  "unsupported-media-type": 415,
  "too-large": 413,
  "not-found": 404,
  conflict: 409,
  forbidden: 403,
  overloaded: 503,
  unavailable: 503,
  internal: 500,
};

export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** SQLSTATE classes, and codes of the driver, that mean "the database can't be reached now". */
const OUTAGE = /^(08|53|57P|CONNECT|CONNECTION|ECONN|EPIPE|ENOENT)/;

/** SQLSTATE of what Postgres can't take for a text, alone or within JSON: well-formed as texts are, that is NUL. */
const NO_TEXT = /^(22021|22P05)$/;

/** What is wrong with a request as a whole is wrong with this part of it. */
const PARTS: Record<string, string> = { body: "body", querystring: "query", params: "path" };

/** SQLSTATE of a timestamp that the calendar of Postgres doesn't have, such as one of the year 0. */
const NO_MOMENT = /^2200[78]$/;

export type ProblemDetails = {
  status: number;
  code: string;
  detail: string;
  rejected?: RejectionDto[];
  /** The version that a stream is at, where another one was expected. */
  actualVersion?: number;
  problems?: readonly PlacedProblemDto[];
  breaks?: readonly SchemaBreakDto[];
};

/** Answers with problem details (RFC 9457). */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: ProblemDetails,
): FastifyReply {
  return reply.code(problem.status).type(PROBLEM_TYPE).send(formatProblem(problem, request.id));
}

/** The body of an answer of type `PROBLEM_TYPE`. */
export function formatProblem(problem: ProblemDetails, requestId: string): string {
  const { status, code, detail, rejected, actualVersion, problems, breaks } = problem;
  const body: ProblemDto = {
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    detail,
    code,
    requestId,
    ...(rejected ? { rejected } : {}),
    ...(actualVersion === undefined ? {} : { actualVersion }),
    ...(problems ? { problems: [...problems] } : {}),
    ...(breaks ? { breaks: [...breaks] } : {}),
  };
  return JSON.stringify(body);
}

export function createErrorHandler(log: Log) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { problem, retryAfterSeconds } = describeError(log, error, request.id);
    if (retryAfterSeconds !== undefined) reply.header("retry-after", String(retryAfterSeconds));
    return sendProblem(request, reply, problem);
  };
}

/**
 * The one place where errors become answers: a client sees code, message and request id, never a stack or SQL. What is
 * the server's own fault is logged.
 */
export function describeError(
  log: Log,
  error: FastifyError,
  requestId: string,
): { problem: ProblemDetails; retryAfterSeconds: number | undefined } {
  const { code, message, retryAfterSeconds } = toAppError(error);
  const status = STATUS[code];
  if (status >= 500) log.error({ err: error, requestId }, "request.failed");
  return { problem: { status, code, detail: message }, retryAfterSeconds };
}

function toAppError(error: FastifyError): AppError {
  if (error instanceof AppError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const faults = new Map<string, string>();
    for (const { instancePath, message } of error.validation) {
      const name =
        instancePath.replace(/^\//, "").replaceAll("/", ".") || PARTS[error.validationContext ?? ""];
      // What else is wrong with one place mostly follows from what is said of it first.
      if (!faults.has(name ?? "")) faults.set(name ?? "", name ? `${name}: ${message}` : String(message));
    }
    return new AppError("invalid", `The request can't be used. ${[...faults.values()].join(" ")}`);
  }
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return new AppError(
      "too-large",
      "The body is larger than this server takes. Split it into smaller ones.",
    );
  }
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return new AppError(
      "unsupported-media-type",
      "The Content-Type can't be used. Name a media type such as application/json.",
    );
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new AppError("invalid", error.message);
  }
  if (NO_TEXT.test(error.code ?? "")) {
    const message = "A text has the character NUL in it, which no text here can have. Take it out.";
    return new AppError("invalid", message, { cause: error });
  }
  if (isHalfSurrogate(error)) {
    const message = "A text has half a surrogate pair in it, which is no character. Take it out.";
    return new AppError("invalid", message, { cause: error });
  }
  if (NO_MOMENT.test(error.code ?? "")) {
    const message = "A moment can't be stored: give one with a year from 0001 to 9999.";
    return new AppError("invalid", message, { cause: error });
  }
  if (OUTAGE.test(error.code ?? "")) {
    return new AppError("unavailable", "The database can't be reached right now. Try again in a moment.", {
      cause: error,
      retryAfterSeconds: 2,
    });
  }
  return new AppError(
    "internal",
    "Something went wrong on the server. Its log has the details under this request id.",
    {
      cause: error,
    },
  );
}

/** JSON can name half a character by its escape. Postgres refuses it within JSON, and tells it apart in words alone. */
function isHalfSurrogate(error: object): boolean {
  return "detail" in error && /surrogate/i.test(String(error.detail));
}
