import { z } from "zod";

type Issue = Parameters<z.core.$ZodErrorMap>[0];

const KINDS: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

const MOMENT = "Give a moment with its offset, such as 2026-01-31T09:00:00Z.";
const FORMATS: Record<string, string> = {
  datetime: MOMENT,
  uuid: "Give a UUID.",
  url: "Give a whole address, such as https://example.com.",
};

/** Lets whatever zod finds wrong say what to do about it, where a schema has no words of its own. */
export function installValidationWords(): void {
  z.config({ customError: wordsFor });
}

/** What to do about a fault; undefined where zod's own words have to do. */
export function wordsFor(issue: Issue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, issue.input);
    case "too_small":
      return tooSmall(issue);
    case "too_big":
      return tooBig(issue);
    case "invalid_value":
      return oneOf(issue.values);
    case "unrecognized_keys":
      return `There is no ${issue.keys.map((key) => JSON.stringify(key)).join(", ")} here. Leave it out, or mend its name.`;
    case "invalid_format":
      return FORMATS[issue.format];
    case "invalid_union": {
      const { options } = issue as { options?: unknown }; // of a union that is told apart by a member
      return Array.isArray(options)
        ? oneOf(options)
        : "Give it in one of the forms that /api/docs describes.";
    }
    default:
      return undefined;
  }
}

function wrongType(expected: string, input: unknown): string | undefined {
  const kind = KINDS[expected];
  if (kind === undefined) return undefined;
  if (input === undefined) return `It is missing. Give ${kind}.`;
  return `Give ${kind}, not ${kindOf(input)}.`;
}

function kindOf(input: unknown): string {
  if (input === null) return "null";
  if (Array.isArray(input)) return "a list";
  if (typeof input === "number") return Number.isInteger(input) ? "a number" : numberWords(input);
  return KINDS[typeof input] ?? "that";
}

function numberWords(input: number): string {
  // What was no number before it was read as one.
  return Number.isFinite(input) ? "one with decimals" : "something else";
}

function tooSmall({ origin, minimum, inclusive }: Extract<Issue, { code: "too_small" }>): string | undefined {
  switch (origin) {
    case "string":
      return minimum === 1 ? "It is empty. Give a text." : `Give at least ${minimum} characters.`;
    case "array":
      return minimum === 1 ? "It is empty. Give at least one." : `Give at least ${minimum}.`;
    case "number":
    case "int":
      return inclusive ? `Give ${minimum} or more.` : `Give more than ${minimum}.`;
    default:
      return undefined;
  }
}

function tooBig({ origin, maximum, inclusive }: Extract<Issue, { code: "too_big" }>): string | undefined {
  switch (origin) {
    case "string":
      return `It is longer than ${maximum} characters. Shorten it.`;
    case "array":
      return `These are more than ${maximum}. Give fewer at a time.`;
    case "number":
    case "int":
      return inclusive ? `Give ${maximum} or less.` : `Give less than ${maximum}.`;
    default:
      return undefined;
  }
}

function oneOf(values: readonly unknown[]): string {
  const names = values.map((value) => JSON.stringify(value) ?? String(value));
  return names.length === 1 ? `Give ${names[0]}.` : `Give one of ${names.join(", ")}.`;
}
