import { type ProblemDto, problemSchema } from "#server/contract/problem.ts";

/** What went wrong between us and the API, in a form that a person and a retry policy can use. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status; 0 when no answer came at all. */
  readonly status: number;
  /** The problem's code word; without an answer `unreachable` or `timeout`, `unreadable` when it was not ours. */
  readonly code: string;
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  readonly problem: ProblemDto | null;

  constructor(
    message: string,
    facts: {
      status: number;
      code: string;
      requestId?: string | null;
      retryAfterSeconds?: number | null;
      problem?: ProblemDto | null;
      cause?: unknown;
    },
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = facts.status;
    this.code = facts.code;
    this.requestId = facts.requestId ?? null;
    this.retryAfterSeconds = facts.retryAfterSeconds ?? null;
    this.problem = facts.problem ?? null;
  }

  /** True when asking again unchanged may help: no answer, too many requests, or the server's own trouble. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** Reads a refusal: our problem document when it is one, and what the status says otherwise. */
export async function readApiError(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  const retryAfterSeconds = parseRetryAfter(response.headers.get("retry-after"), Date.now());
  const parsed = problemSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    return new ApiError(`The server answered ${response.status} ${response.statusText}`.trim(), {
      status: response.status,
      code: "unreadable",
      requestId: response.headers.get("x-request-id"),
      retryAfterSeconds,
    });
  }
  const problem = parsed.data;
  return new ApiError(problem.detail, {
    status: response.status,
    code: problem.code,
    requestId: problem.requestId,
    retryAfterSeconds,
    problem,
  });
}

/** `Retry-After` as seconds or as an HTTP date; null when absent or unreadable. */
export function parseRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
