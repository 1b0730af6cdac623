"use client";

import { useTranslations } from "next-intl";
import type { DraftField, DraftProblem } from "./subscription-draft.ts";

export type ProblemOf = (field: DraftField) => string | undefined;

/** What to say under a field of the form; undefined while nothing is wrong with it. */
export function useDraftProblems(problems: readonly DraftProblem[]): ProblemOf {
  const t = useTranslations("consumers.form.problems");
  return (field) => {
    const problem = problems.find((one) => one.field === field);
    if (problem === undefined) return undefined;
    return problem.kind === "refused" ? problem.message : t(problem.kind);
  };
}
