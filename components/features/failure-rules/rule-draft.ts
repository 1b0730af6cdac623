import type { RuleDto, RuleInput } from "#server/contract/failure-rules.ts";

const MINUTE_MS = 60_000;

export const RULE_ACTIONS = ["replay", "discard", "assign"] as const;

/** A rule as it is typed. Ages are minutes; an empty condition is none. */
export type RuleDraft = {
  name: string;
  consumer: string;
  type: string;
  errorName: string;
  message: string;
  fingerprint: string;
  minAge: string;
  maxAge: string;
  minAttempts: string;
  maxAttempts: string;
  action: (typeof RULE_ACTIONS)[number];
  reason: string;
  owner: string;
  perMinute: string;
  takesParked: boolean;
};

/** What is typed can be sent, or which field can't be read, and why. */
export type ReadRule = { kind: "rule"; rule: RuleInput } | { kind: "invalid"; problems: DraftProblem[] };
export type DraftProblem = { field: keyof RuleDraft; reason: "empty" | "no-number" | "no-whole-number" };

/** A new rule tries a letter up to its tenth attempt, so that none goes round for ever. */
export const NEW_RULE: RuleDraft = {
  name: "",
  consumer: "",
  type: "",
  errorName: "",
  message: "",
  fingerprint: "",
  minAge: "5",
  maxAge: "",
  minAttempts: "",
  maxAttempts: "10",
  action: "replay",
  reason: "",
  owner: "",
  perMinute: "60",
  takesParked: false,
};

export function draftOf({ name, conditions, action, perMinute }: RuleDto): RuleDraft {
  const count = (value: number | undefined) => (value === undefined ? "" : String(value));
  const minutes = (ms: number | undefined) => (ms === undefined ? "" : String(ms / MINUTE_MS));
  return {
    ...NEW_RULE,
    name,
    consumer: conditions.consumer ?? "",
    type: conditions.type ?? "",
    errorName: conditions.errorName ?? "",
    message: conditions.message ?? "",
    fingerprint: conditions.fingerprint ?? "",
    minAge: minutes(conditions.minAgeMs),
    maxAge: minutes(conditions.maxAgeMs),
    minAttempts: count(conditions.minAttempts),
    maxAttempts: count(conditions.maxAttempts),
    action: action.kind,
    reason: action.kind === "discard" ? action.reason : "",
    owner: action.kind === "assign" ? action.owner : "",
    perMinute: String(perMinute),
  };
}

/** Reads a draft; whether the conditions are narrow enough, the server says. */
export function readRule(draft: RuleDraft, isOn: boolean): ReadRule {
  const problems: DraftProblem[] = [];
  const text = (field: "consumer" | "type" | "errorName" | "message" | "fingerprint") =>
    draft[field].trim() === "" ? {} : { [field]: draft[field].trim() };
  const needed = (field: "name" | "reason" | "owner") => {
    const value = draft[field].trim();
    if (value === "") problems.push({ field, reason: "empty" });
    return value;
  };
  const number = (field: keyof RuleDraft, isWhole: boolean): number | null => {
    const typed = String(draft[field]).trim();
    if (typed === "") return null;
    const value = Number(typed);
    if (!(value >= 0)) problems.push({ field, reason: "no-number" });
    else if (isWhole && !Number.isInteger(value)) problems.push({ field, reason: "no-whole-number" });
    return value;
  };
  const bound = (name: string, value: number | null) => (value === null ? {} : { [name]: value });
  const minutes = (value: number | null) => (value === null ? null : Math.round(value * MINUTE_MS));
  const name = needed("name");
  const conditions = {
    ...text("consumer"),
    ...text("type"),
    ...text("errorName"),
    ...text("message"),
    ...text("fingerprint"),
    ...bound("minAgeMs", minutes(number("minAge", false))),
    ...bound("maxAgeMs", minutes(number("maxAge", false))),
    ...bound("minAttempts", number("minAttempts", true)),
    ...bound("maxAttempts", number("maxAttempts", true)),
  };
  const action = readAction(draft, needed);
  const perMinute = number("perMinute", true);
  if (perMinute === null || perMinute < 1) problems.push({ field: "perMinute", reason: "no-whole-number" });
  if (problems.length > 0) return { kind: "invalid", problems };
  const { takesParked } = draft;
  return { kind: "rule", rule: { name, isOn, conditions, action, perMinute: perMinute ?? 1, takesParked } };
}

function readAction(draft: RuleDraft, needed: (field: "reason" | "owner") => string): RuleInput["action"] {
  switch (draft.action) {
    case "replay":
      return { kind: "replay" };
    case "discard":
      return { kind: "discard", reason: needed("reason") };
    case "assign":
      return { kind: "assign", owner: needed("owner") };
  }
}
