import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { AppendAnswerDto } from "#server/contract/events.ts";
import { NdjsonReader } from "#server/domain/envelope/ndjson-reader.ts";
import type { EnvelopeLimits } from "#server/domain/envelope/read-element.ts";
import { type ReadResult, readEnvelopes } from "#server/domain/envelope/read-envelopes.ts";
import { EnvelopeError } from "#server/domain/envelope/reading.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { appendEvents } from "../../ingest/append-events.ts";
import {
  contentEncoding,
  createDecompressor,
  decompress,
  decompressionError,
  type Encoding,
} from "../decompress.ts";
import { sendProblem } from "../problem.ts";
import { countRejections } from "./count-rejections.ts";

/** Events of a stream that share one commit: large enough to be fast, small enough to answer soon under pressure. */
const STREAM_CHUNK = 1_000;
/** Rejections that an answer lists; a stream may hold many more, which are only counted. */
const MAX_LISTED = 1_000;

export function envelopeLimits({ env }: Context): EnvelopeLimits {
  const { maxEventBytes, maxBatchEvents, maxDepth } = env.limits;
  return { maxEventBytes, maxBatchEvents, maxDepth };
}

/**
 * Appends what one body holds. One bad event never loses the good ones beside it: the answer names each rejected
 * event by its index. It comes after the commit, never before.
 */
export async function postEvents(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const encoding = contentEncoding(request.headers["content-encoding"]);
  const packed = await readAll(request.body, ctx.env.limits.maxBodyBytes);
  const body = await decompress(packed, encoding, ctx.env.limits.maxBodyBytes);
  const headers = request.raw.headersDistinct;
  const read = readWhole(() =>
    readEnvelopes({ contentType: request.headers["content-type"], headers, body }, envelopeLimits(ctx)),
  );
  countRejections(ctx, read.rejected);
  const answer = await appendEvents(ctx, read.events);
  answer.rejected = [...read.rejected, ...answer.rejected].toSorted((a, b) => a.index - b.index);
  return read.kind === "single" ? answerSingle(request, reply, answer) : answerBatch(request, reply, answer);
}

/** Appends a stream of lines, chunk by chunk; memory stays bounded however long the stream is. */
export async function postEventStream(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const encoding = contentEncoding(request.headers["content-encoding"]);
  const { maxBodyBytes } = ctx.env.limits;
  // The content type parser of NDJSON hands on the request's own stream.
  const raw = request.body as Readable;
  const decompressor = createDecompressor(encoding);
  const bytes = decompressor
    ? raw.on("error", (error) => decompressor.destroy(error)).pipe(decompressor)
    : raw;
  const reader = new NdjsonReader(envelopeLimits(ctx));
  const total: AppendAnswerDto = { accepted: 0, duplicates: 0, conflicts: 0, rejected: [] };
  let received = 0;
  let waiting: ReadResult["events"] = [];

  const commit = async () => {
    const answer = await appendEvents(ctx, waiting);
    waiting = [];
    total.accepted += answer.accepted;
    total.duplicates += answer.duplicates;
    total.conflicts += answer.conflicts;
    list(answer.rejected);
  };
  const list = (rejected: AppendAnswerDto["rejected"]) => {
    total.rejected.push(...rejected.slice(0, Math.max(0, MAX_LISTED - total.rejected.length)));
  };
  const take = (read: Pick<ReadResult, "events" | "rejected">) => {
    waiting.push(...read.events);
    countRejections(ctx, read.rejected);
    list(read.rejected);
  };

  try {
    for await (const chunk of untilBroken(bytes, encoding, maxBodyBytes)) {
      received += chunk.length;
      if (received > maxBodyBytes) {
        throw new AppError(
          "too-large",
          `The body is larger than ${maxBodyBytes} bytes. Send it as several streams.`,
        );
      }
      take(readWhole(() => reader.push(chunk)));
      if (waiting.length >= STREAM_CHUNK) await commit();
    }
    take(readWhole(() => reader.end()));
    await commit();
  } catch (error) {
    bytes.destroy();
    throw withStored(error, total);
  }
  return answerBatch(request, reply, total);
}

/** The bytes of a body that was taken whole, or that still streams in; none when there is no body. */
async function readAll(body: unknown, maxBytes: number): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  if (!(body instanceof Readable)) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new AppError("too-large", `The body is larger than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The chunks of a stream. What goes wrong with the stream itself, and not with storing it, is the sender's to repair. */
async function* untilBroken(bytes: Readable, encoding: Encoding, maxBytes: number): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } catch (cause) {
    if (encoding !== "identity") throw decompressionError(encoding, cause, maxBytes);
    throw new AppError("unreadable", "The stream broke off. Send it again.", { cause });
  }
}

/** Tells the sender, beside what went wrong, what of the stream is stored already. */
function withStored(error: unknown, total: AppendAnswerDto): unknown {
  const stored = total.accepted + total.duplicates;
  if (!(error instanceof AppError) || stored === 0) return error;
  const { code, message, retryAfterSeconds } = error;
  return new AppError(
    code,
    `${message} ${stored} events before that are stored; sent again, they count as duplicates.`,
    {
      cause: error,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
  );
}

function readWhole<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    const code = (
      {
        "unreadable-body": "unreadable",
        "unsupported-media-type": "unsupported-media-type",
        "too-many-events": "too-large",
      } as const
    )[error.code];
    throw new AppError(code, error.message, { cause: error });
  }
}

function answerSingle(request: FastifyRequest, reply: FastifyReply, answer: AppendAnswerDto): FastifyReply {
  const [rejection] = answer.rejected;
  if (!rejection) return reply.code(202).send(answer);
  const { code, message, problems } = rejection;
  const status = statusOfRejection(code);
  return sendProblem(request, reply, { status, code, detail: message, ...(problems ? { problems } : {}) });
}

function statusOfRejection(code: string): number {
  if (code === "conflict") return 409;
  return code === "too-large" ? 413 : 400;
}

function answerBatch(request: FastifyRequest, reply: FastifyReply, answer: AppendAnswerDto): FastifyReply {
  const isNothingTaken = answer.accepted + answer.duplicates === 0 && answer.rejected.length > 0;
  if (!isNothingTaken) return reply.code(202).send(answer);
  return sendProblem(request, reply, {
    status: 422,
    code: "nothing-taken",
    detail: "None of the events can be stored. Each is named with its reason.",
    rejected: answer.rejected,
  });
}
