import type { AlertRuleInput } from "#server/contract/alerts.ts";
import type { LabelFilter } from "#server/contract/metrics.ts";
import { highestBurnRate } from "#server/domain/alerts/condition.ts";
import { definitionOf } from "#server/domain/metrics/catalogue.ts";
import { type RuleDraft, scaleOf, TARGET_METRICS } from "./rule-draft.ts";
import { isWebAddress } from "./web-address.ts";

/** What the server takes at most. */
export const NAME_CHARACTERS = 200;
const NOTE_CHARACTERS = 5_000;
const HIGHEST_FACTOR = 1_000;

type NumberField = "value" | "byShare" | "target" | "withinSeconds" | "factor";
export type DraftProblem = {
  field: NumberField | "name" | "note" | "runbook" | "shortMs";
  reason:
    | "empty"
    | "taken"
    | "too-long"
    | "no-number"
    | "not-positive"
    | "too-high"
    | "too-fast"
    | "no-share"
    | "no-target"
    | "no-fall"
    | "no-address"
    | "not-shorter";
  /** How long, or how high, it may be. */
  limit?: number;
};
export type ReadRule = { kind: "rule"; rule: AlertRuleInput } | { kind: "invalid"; problems: DraftProblem[] };

/** Reads a draft, or says which fields can't be read, in their order. `others` are the names of the other rules. */
export function readRule(draft: RuleDraft, isOn: boolean, others: readonly string[] = []): ReadRule {
  const problems: DraftProblem[] = [];
  const name = draft.name.trim();
  if (name === "") problems.push({ field: "name", reason: "empty" });
  else if (name.length > NAME_CHARACTERS)
    problems.push({ field: "name", reason: "too-long", limit: NAME_CHARACTERS });
  else if (others.some((other) => other.toLowerCase() === name.toLowerCase()))
    problems.push({ field: "name", reason: "taken" });
  const number = (field: NumberField) => {
    // Digits of a Japanese keyboard may be full-width.
    const text = draft[field].normalize("NFKC").trim();
    const value = text === "" ? Number.NaN : Number(text);
    if (text === "") problems.push({ field, reason: "empty" });
    else if (!Number.isFinite(value)) problems.push({ field, reason: "no-number" });
    return value;
  };
  const condition = readCondition(draft, number, problems);
  const note = draft.note.trim();
  if (note.length > NOTE_CHARACTERS)
    problems.push({ field: "note", reason: "too-long", limit: NOTE_CHARACTERS });
  const runbook = draft.runbook.trim();
  if (runbook !== "" && !isWebAddress(runbook)) problems.push({ field: "runbook", reason: "no-address" });
  if (problems.length > 0) return { kind: "invalid", problems };
  const { severity, forMs, destinations } = draft;
  return {
    kind: "rule",
    rule: {
      name,
      isOn,
      severity,
      condition,
      forMs,
      destinations: [...destinations],
      note,
      runbook: runbook === "" ? null : runbook,
    },
  };
}

type Read = (field: NumberField) => number;

function readCondition(
  draft: RuleDraft,
  number: Read,
  problems: DraftProblem[],
): AlertRuleInput["condition"] {
  const { kind, metric, stat, by, windowMs } = draft;
  const where = toFilter(draft.where);
  const scope = { ...(by !== null && { by }), ...(Object.keys(where).length > 0 && { where }) };
  switch (kind) {
    case "threshold": {
      const value = number("value") / scaleOf(metric);
      const isShare = definitionOf(metric).unit === "ratio";
      if (isShare && (value < 0 || value > 1)) problems.push({ field: "value", reason: "no-share" });
      return { kind, metric, stat, ...scope, windowMs, is: draft.is, value };
    }
    case "absence":
      return { kind, metric, ...scope, windowMs };
    case "change": {
      const byShare = number("byShare") / 100;
      if (byShare <= 0) problems.push({ field: "byShare", reason: "not-positive" });
      else if (draft.direction === "falling" && byShare >= 1)
        problems.push({ field: "byShare", reason: "no-fall" });
      else if (byShare > HIGHEST_FACTOR)
        problems.push({ field: "byShare", reason: "too-high", limit: HIGHEST_FACTOR * 100 });
      return { kind, metric, stat, ...scope, windowMs, agoMs: draft.agoMs, is: draft.direction, byShare };
    }
    case "burn-rate": {
      const target = number("target") / 100;
      if (target <= 0 || target >= 1) problems.push({ field: "target", reason: "no-target" });
      if (draft.shortMs >= draft.longMs) problems.push({ field: "shortMs", reason: "not-shorter" });
      const of = TARGET_METRICS.find((each) => each === metric) ?? "failure_rate";
      const within = of === "failure_rate" ? {} : { withinSeconds: number("withinSeconds") };
      const factor = number("factor");
      if ((within.withinSeconds ?? 1) <= 0) problems.push({ field: "withinSeconds", reason: "not-positive" });
      if (factor <= 0) problems.push({ field: "factor", reason: "not-positive" });
      const highest = Math.min(HIGHEST_FACTOR, highestBurnRate(target));
      if (target > 0 && target < 1 && factor > highest + 1e-9)
        problems.push({ field: "factor", reason: "too-fast", limit: Number(highest.toPrecision(4)) });
      const { longMs, shortMs } = draft;
      return { kind, metric: of, ...scope, target, ...within, factor, longMs, shortMs };
    }
  }
}

function toFilter(where: RuleDraft["where"]): LabelFilter {
  return Object.fromEntries(
    Object.entries(where)
      .map(
        ([label, text]) =>
          [
            label,
            text
              .split(",")
              .map((part) => part.trim())
              .filter((part) => part !== ""),
          ] as const,
      )
      .filter(([, values]) => values.length > 0),
  );
}
