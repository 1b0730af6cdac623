import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { AppendAnswerDto } from "#server/contract/events.ts";
import { NdjsonReader } from "#server/domain/envelope/ndjson-reader.ts";
import type { ReadResult } from "#server/domain/envelope/read-envelopes.ts";
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
import { appendBody, type EventsAnswer, envelopeLimits, judgeBatch, readWhole } from "./append-body.ts";
import { countRejections } from "./count-rejections.ts";

/** Events of a stream that share one commit: large enough to be fast, small enough to answer soon under pressure. */
const STREAM_CHUNK = 1_000;
/** Rejections that an answer lists; a stream may hold many more, which are only counted. */
const MAX_LISTED = 1_000;

/** Appends what one body holds, encoded or not. */
export async function postEvents(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const encoding = contentEncoding(request.headers["content-encoding"]);
  const packed = await readAll(request.body, ctx.env.limits.maxBodyBytes);
  const body = await decompress(packed, encoding, ctx.env.limits.maxBodyBytes);
  const headers = request.raw.headersDistinct;
  return send(
    request,
    reply,
    await appendBody(ctx, { contentType: request.headers["content-type"], headers, body }),
  );
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
  return send(request, reply, judgeBatch(total));
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

function send(request: FastifyRequest, reply: FastifyReply, given: EventsAnswer): FastifyReply {
  if (given.kind === "taken") return reply.code(202).send(given.answer);
  return sendProblem(request, reply, given.problem);
}
