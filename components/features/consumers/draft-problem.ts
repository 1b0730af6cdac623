import type { z } from "zod";
import type { DraftField } from "./subscription-draft.ts";

export type DraftProblem = { field: DraftField } & (
  | { kind: "required" | "not-json" | "not-whole" | "not-a-number" | "name" | "taken" }
  | { kind: "url" | "secret" | "position" }
  | { kind: "too-small" | "too-big" | "too-long"; limit: number }
  /** What stands in the JSON has another form than it must have. */
  | { kind: "headers-shape" | "filters-shape"; at: string }
  /** In the words of the contract. */
  | { kind: "refused"; at: string; message: string }
);

const FIELD_OF_PATH: readonly (readonly [path: string, field: DraftField])[] = [
  ["target.url", "url"],
  ["target.name", "handler"],
  ["target.secrets", "secrets"],
  ["target.headers", "headers"],
  ["retry.retries", "retries"],
  ["retry.baseMs", "baseMs"],
  ["retry.factor", "factor"],
  ["retry.capMs", "capMs"],
  ["filters", "filters"],
  ["channel", "channel"],
  ["concurrency", "concurrency"],
  ["timeoutMs", "timeoutMs"],
  ["startFrom", "startPosition"],
];

type Issue = z.core.$ZodIssue;

/** What the contract refused, at the field where it was typed. */
export function problemOfIssue(issue: Issue): DraftProblem {
  const path = issue.path.join(".");
  const found = FIELD_OF_PATH.find(([prefix]) => path === prefix || path.startsWith(`${prefix}.`));
  if (found === undefined) return { field: "consumer", kind: "refused", at: path, message: issue.message };
  const [prefix, field] = found;
  const at = path.slice(prefix.length + 1);
  switch (field) {
    case "url":
      return { field, kind: "url" };
    case "secrets":
      return limitOf(issue, field) ?? { field, kind: "secret" };
    case "headers":
      return { field, kind: "headers-shape", at };
    case "startPosition":
      return { field, kind: "position" };
    case "filters":
      if (issue.code !== "custom") return { field, kind: "filters-shape", at };
      break;
    default:
  }
  return limitOf(issue, field) ?? { field, kind: "refused", at, message: issue.message };
}

function limitOf(issue: Issue, field: DraftField): DraftProblem | null {
  if (issue.code === "too_small") return { field, kind: "too-small", limit: Number(issue.minimum) };
  if (issue.code !== "too_big") return null;
  return {
    field,
    kind: issue.origin === "string" ? "too-long" : "too-big",
    limit: Number(issue.maximum),
  };
}
