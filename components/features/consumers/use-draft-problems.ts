"use client";

import { useTranslations } from "next-intl";
import type { DraftProblem } from "./draft-problem.ts";
import type { DraftField } from "./subscription-draft.ts";

export type ProblemOf = (field: DraftField) => string | undefined;

/** What to say under a field of the form; undefined while nothing is wrong with it. */
export function useDraftProblems(problems: readonly DraftProblem[]): ProblemOf {
  const t = useTranslations("consumers.form.problems");
  return (field) => {
    const problem = problems.find((one) => one.field === field);
    if (problem === undefined) return undefined;
    switch (problem.kind) {
      case "too-small":
      case "too-big":
      case "too-long":
        return t(problem.kind, { limit: problem.limit });
      case "headers-shape":
      case "filters-shape":
        return placed(problem.at, t(problem.kind));
      case "refused":
        return placed(problem.at, problem.message);
      default:
        return t(problem.kind);
    }
  };
}

/** Where in the JSON, and what. */
function placed(at: string, message: string): string {
  return at === "" ? message : `${at}: ${message}`;
}
