import { nameSchema, subscriptionInputSchema } from "#server/contract/bus.ts";
import type { RetryPolicy } from "#server/domain/retry-policy.ts";
import { type DraftProblem, problemOfIssue } from "./draft-problem.ts";
import type { DraftField, SubscriptionBody, SubscriptionDraft } from "./subscription-draft.ts";

type ReadDraft =
  | { kind: "valid"; body: SubscriptionBody }
  | { kind: "invalid"; problems: readonly DraftProblem[] };

/**
 * The body that a draft stands for, or what is wrong with it, field by field.
 *
 * @param taken names that a new consumer can't have: its body would change the one that has it. Null while a
 * subscription is changed, where the name is settled and a start makes no sense.
 */
export function readDraft(draft: SubscriptionDraft, taken: readonly string[] | null): ReadDraft {
  const problems: DraftProblem[] = [];
  const readers = createReaders(draft, problems);
  const { required, json, whole } = readers;
  const name = required("consumer");
  if (name !== "" && !nameSchema.safeParse(name).success) problems.push({ field: "consumer", kind: "name" });
  if (taken?.includes(name)) problems.push({ field: "consumer", kind: "taken" });
  const candidate = {
    channel: draft.channel,
    filters: json("filters") ?? [],
    target: readTarget(draft, readers),
    ordering: draft.ordering,
    onDead: draft.onDead,
    concurrency: whole("concurrency"),
    timeoutMs: whole("timeoutMs"),
    retry: readRetry(draft, readers),
    ...(taken !== null && {
      startFrom: draft.start === "position" ? required("startPosition") : draft.start,
    }),
  };
  const parsed = subscriptionInputSchema.safeParse(candidate);
  if (!parsed.success) problems.push(...parsed.error.issues.map(problemOfIssue));
  if (problems.length > 0) return { kind: "invalid", problems: firstOfEachField(problems) };
  // The schema has just taken it as its input.
  return { kind: "valid", body: candidate as SubscriptionBody };
}

/** One problem at a time: what could not even be read is not judged a second time. */
function firstOfEachField(problems: readonly DraftProblem[]): DraftProblem[] {
  return problems.filter(({ field }, index) => problems.findIndex((one) => one.field === field) === index);
}

/** The retry policy of a draft while its numbers can be read, to say what it means; null otherwise. */
export function readDraftRetry(draft: SubscriptionDraft): RetryPolicy | null {
  const problems: DraftProblem[] = [];
  const parsed = subscriptionInputSchema.shape.retry.safeParse(
    readRetry(draft, createReaders(draft, problems)),
  );
  return problems.length === 0 && parsed.success ? parsed.data : null;
}

type Readers = {
  required: (field: DraftField) => string;
  /** Undefined for an empty field, and for what is no JSON. */
  json: (field: DraftField) => unknown;
  whole: (field: DraftField) => number;
  decimal: (field: DraftField) => number;
};

/** What reads a field and writes down what is wrong with it. */
function createReaders(draft: SubscriptionDraft, problems: DraftProblem[]): Readers {
  const required = (field: DraftField) => {
    const text = draft[field].trim();
    if (text === "") problems.push({ field, kind: "required" });
    return text;
  };
  const number = (field: DraftField, pattern: RegExp, kind: "not-whole" | "not-a-number") => {
    const text = required(field);
    if (text !== "" && !pattern.test(text)) problems.push({ field, kind });
    return Number(text);
  };
  return {
    required,
    json: (field) => {
      const text = draft[field].trim();
      if (text === "") return undefined;
      try {
        return JSON.parse(text);
      } catch {
        problems.push({ field, kind: "not-json" });
        return undefined;
      }
    },
    whole: (field) => number(field, /^-?\d+$/, "not-whole"),
    decimal: (field) => number(field, /^-?\d+(\.\d+)?$/, "not-a-number"),
  };
}

function readRetry(draft: SubscriptionDraft, { whole, decimal }: Readers): RetryPolicy {
  return {
    retries: whole("retries"),
    baseMs: whole("baseMs"),
    factor: decimal("factor"),
    capMs: whole("capMs"),
    jitter: draft.jitter,
  };
}

function readTarget(draft: SubscriptionDraft, { required, json }: Readers) {
  switch (draft.targetKind) {
    case "external":
      return { kind: "external" };
    case "handler":
      return { kind: "handler", name: required("handler") };
    case "http": {
      const secrets = draft.secrets.split(/\s+/).filter((secret) => secret !== "");
      const headers = json("headers");
      const isEmpty = typeof headers === "object" && headers !== null && Object.keys(headers).length === 0;
      return {
        kind: "http",
        url: required("url"),
        ...(secrets.length > 0 && { secrets }),
        ...(headers !== undefined && !isEmpty && { headers }),
      };
    }
  }
}
