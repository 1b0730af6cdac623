import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { FastifyError } from "fastify";
import type { AppendAnswerDto } from "#server/contract/events.ts";
import type { Context } from "#server/platform/context.ts";
import { describeError, formatProblem, PROBLEM_TYPE, type ProblemDetails } from "./problem.ts";
import { appendBody } from "./routes/append-body.ts";
import { countFailure } from "./routes/count-rejections.ts";

/** What says of a body that it holds events of CloudEvents in JSON, as senders mostly write it. */
const EVENTS_TYPES: ReadonlySet<string> = new Set(
  ["application/cloudevents+json", "application/cloudevents-batch+json"].flatMap((type) => [
    type,
    `${type}; charset=utf-8`,
    `${type};charset=utf-8`,
    `${type}; charset=UTF-8`,
  ]),
);

/** Headers that ask for more than to take the body as it is: an encoding, an answer before it, a foreign shape. */
const SPECIAL = ["content-encoding", "transfer-encoding", "expect", "x-amz-sns-message-type"] as const;

const COMMON = ["x-content-type-options", "nosniff", "cache-control", "no-store"] as const;
const ANSWER = ["content-type", "application/json; charset=utf-8", ...COMMON] as const;

/** The answer to a post of one event that was new: nearly every one. */
const ONE_TAKEN = JSON.stringify({ accepted: 1, duplicates: 0, conflicts: 0, rejected: [] });
const ONE_TAKEN_HEADERS = [...ANSWER, "content-length", String(ONE_TAKEN.length)];

/**
 * Takes the everyday posts of events, at a fraction of what a route costs, and leaves every other request to `others`;
 * the answer is the same. Where spans of requests are wanted, it takes none.
 */
export function takeEventPosts(ctx: Context, others: RequestListener): RequestListener {
  const { roles, limits } = ctx.env;
  if (!roles.includes("ingest") || ctx.meters.spans !== null) return others;
  return (request, response) => {
    const length = plainLength(request);
    if (length === null || length > limits.maxBodyBytes) return others(request, response);
    readBody(ctx, request, length, (body) => {
      const contentType = request.headers["content-type"];
      appendBody(ctx, { contentType, headers: {}, body })
        .then((given) => {
          if (given.kind === "taken") sendTaken(response, given.answer);
          else sendProblem(response, given.problem, randomUUID());
        })
        .catch((error: FastifyError) => fail(ctx, response, error));
    });
  };
}

/** The length of the body of an everyday post of events; null for every other request. */
function plainLength({ method, url, headers }: IncomingMessage): number | null {
  if (url !== "/api/v1/events" || method !== "POST") return null;
  if (!EVENTS_TYPES.has(headers["content-type"] ?? "")) return null;
  for (const name of SPECIAL) if (headers[name] !== undefined) return null;
  const length = Number(headers["content-length"]);
  return length > 0 ? length : null;
}

/** @param take gets the whole body; never called for one that breaks off. */
function readBody(
  ctx: Context,
  request: IncomingMessage,
  length: number,
  take: (body: Buffer) => void,
): void {
  let chunks: Buffer[] | null = null;
  let missing = length;
  request.on("data", (chunk: Buffer) => {
    missing -= chunk.length;
    if (chunks === null && missing === 0) return take(chunk);
    chunks ??= [];
    chunks.push(chunk);
    if (missing === 0) take(Buffer.concat(chunks, length));
  });
  request.on("error", () => {
    if (missing > 0) ctx.meters.ingest.reject("invalid");
  });
}

function sendTaken(response: ServerResponse, answer: AppendAnswerDto): void {
  const isOneTaken = answer.accepted === 1 && answer.duplicates === 0 && answer.rejected.length === 0;
  if (isOneTaken) {
    response.writeHead(202, ONE_TAKEN_HEADERS).end(ONE_TAKEN, "latin1");
    return;
  }
  const body = JSON.stringify(answer);
  response.writeHead(202, [...ANSWER, "content-length", String(Buffer.byteLength(body))]).end(body);
}

function fail(ctx: Context, response: ServerResponse, error: FastifyError): void {
  countFailure(ctx, error);
  const requestId = randomUUID();
  const { problem, retryAfterSeconds } = describeError(ctx.log, error, requestId);
  const more = retryAfterSeconds === undefined ? [] : ["retry-after", String(retryAfterSeconds)];
  sendProblem(response, problem, requestId, more);
}

function sendProblem(
  response: ServerResponse,
  problem: ProblemDetails,
  requestId: string,
  more: readonly string[] = [],
): void {
  const body = formatProblem(problem, requestId);
  const length = String(Buffer.byteLength(body));
  response
    .writeHead(problem.status, [...more, "content-type", PROBLEM_TYPE, ...COMMON, "content-length", length])
    .end(body);
}
