/** Why nothing can be said by a rule, or not of everything. Moments in RFC 3339. */
export type RuleProblem =
  /** Nothing of its metric was counted yet. */
  | { kind: "not-counted" }
  /** Its metric is counted up to a moment that is long past. */
  | { kind: "behind"; at: string }
  /** Its metric is counted since a moment within the window of the rule. */
  | { kind: "window-not-full"; at: string }
  /** There are so many more series than the ones that are looked at. */
  | { kind: "more-series"; others: number; watched: number }
  | { kind: "failed"; why: string };

/** A problem in words, for those who read the API. */
export function problemText(problem: RuleProblem): string {
  switch (problem.kind) {
    case "not-counted":
      return "Nothing of this metric has been counted yet, so nothing can be said.";
    case "behind":
      return `The metric is counted up to ${problem.at}, so nothing can be said of the present. Look at the workers.`;
    case "window-not-full":
      return `The metric is counted since ${problem.at}, and the rule looks further back. Until its window is full, nothing can be said.`;
    case "more-series":
      return `There are ${problem.others} more series beside the ${problem.watched} highest, which alone are looked at. Narrow the rule.`;
    case "failed":
      return `It could not be looked at. ${problem.why}`;
  }
}
