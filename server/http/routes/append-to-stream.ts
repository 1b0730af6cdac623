import type { FastifyReply, FastifyRequest } from "fastify";
import type { StreamAppendAnswerDto } from "#server/contract/streams.ts";
import { describeViolation } from "#server/domain/schemas/type-schemas.ts";
import type { Context } from "#server/platform/context.ts";
import { readAppend } from "../../streams/read-append.ts";
import { contentEncoding, decompress } from "../decompress.ts";
import { sendProblem } from "../problem.ts";
import { envelopeLimits } from "./append-body.ts";

export type StreamParams = { type: string; id: string };

/** Appends to one stream and answers after the commit. */
export async function postStreamAppend(
  ctx: Context,
  request: FastifyRequest<{ Params: StreamParams }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { type, id } = request.params;
  const encoding = contentEncoding(request.headers["content-encoding"]);
  const packed = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const body = await decompress(packed, encoding, ctx.env.limits.maxBodyBytes);
  const append = readAppend(body, { type, aggregateId: id }, envelopeLimits(ctx));
  const outcome = await ctx.streams.append(append);
  if (outcome.kind === "refused") {
    const { place, violation } = outcome;
    const event = append.events[place]?.event;
    return sendProblem(request, reply, {
      status: 400,
      code: "schema-violation",
      detail: `Event ${place} can't be stored. ${describeViolation(event?.type ?? "", violation)} Nothing was stored.`,
      problems: violation.problems,
    });
  }
  if (outcome.kind === "version-conflict") {
    const { actualVersion } = outcome;
    return sendProblem(request, reply, {
      status: 409,
      code: "version-conflict",
      detail:
        `The ${type} ${id} is at version ${actualVersion}, not ${append.expected}. Nothing was stored. ` +
        "Read what came between, decide again, and append with the new version.",
      actualVersion,
    });
  }
  if (outcome.kind === "identity-conflict") {
    return sendProblem(request, reply, {
      status: 409,
      code: "conflict",
      detail:
        `Events with these ids and their source are stored already, with other content or elsewhere: ` +
        `${outcome.ids.slice(0, 10).join(", ")}. Nothing was stored. Send new events under ids of their own.`,
    });
  }
  const { firstVersion, positions, isRepeat } = outcome;
  const answer: StreamAppendAnswerDto = {
    type,
    id,
    version: firstVersion + positions.length - 1,
    events: append.events.map(({ event }, place) => ({
      id: event.id,
      version: firstVersion + place,
      position: positions[place] ?? "0",
    })),
    repeated: isRepeat,
  };
  return reply.code(201).send(answer);
}
