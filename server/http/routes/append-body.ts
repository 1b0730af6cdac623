import type { AppendAnswerDto } from "#server/contract/events.ts";
import type { EnvelopeLimits } from "#server/domain/envelope/read-element.ts";
import { readEnvelopes } from "#server/domain/envelope/read-envelopes.ts";
import { EnvelopeError } from "#server/domain/envelope/reading.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { appendEvents } from "../../ingest/append-events.ts";
import type { ProblemDetails } from "../problem.ts";
import { countRejections } from "./count-rejections.ts";

/** How a request that brings events is answered: with 202, or with a problem. */
export type EventsAnswer =
  | { kind: "taken"; answer: AppendAnswerDto }
  | { kind: "problem"; problem: ProblemDetails };

export function envelopeLimits({ env }: Context): EnvelopeLimits {
  const { maxEventBytes, maxBatchEvents, maxDepth } = env.limits;
  return { maxEventBytes, maxBatchEvents, maxDepth };
}

/**
 * Appends what one body holds. One bad event never loses the good ones beside it: the answer names each rejected
 * event by its index. It comes after the commit, never before.
 */
export async function appendBody(
  ctx: Context,
  input: Parameters<typeof readEnvelopes>[0],
): Promise<EventsAnswer> {
  const read = readWhole(() => readEnvelopes(input, envelopeLimits(ctx)));
  countRejections(ctx, read.rejected);
  const answer = await appendEvents(ctx, read.events);
  if (read.rejected.length > 0) {
    answer.rejected = [...read.rejected, ...answer.rejected].toSorted((a, b) => a.index - b.index);
  }
  return read.kind === "single" ? judgeSingle(answer) : judgeBatch(answer);
}

/** @throws AppError for a body that can't be read as a whole. */
export function readWhole<T>(read: () => T): T {
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

function judgeSingle(answer: AppendAnswerDto): EventsAnswer {
  const [rejection] = answer.rejected;
  if (!rejection) return { kind: "taken", answer };
  const { code, message, problems } = rejection;
  const status = statusOfRejection(code);
  return { kind: "problem", problem: { status, code, detail: message, ...(problems ? { problems } : {}) } };
}

function statusOfRejection(code: string): number {
  if (code === "conflict") return 409;
  return code === "too-large" ? 413 : 400;
}

export function judgeBatch(answer: AppendAnswerDto): EventsAnswer {
  const isNothingTaken = answer.accepted + answer.duplicates === 0 && answer.rejected.length > 0;
  if (!isNothingTaken) return { kind: "taken", answer };
  const detail = "None of the events can be stored. Each is named with its reason.";
  return {
    kind: "problem",
    problem: { status: 422, code: "nothing-taken", detail, rejected: answer.rejected },
  };
}
