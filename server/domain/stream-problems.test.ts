import { expect, test } from "vitest";
import { findStreamProblems } from "./stream-problems.ts";

test.each([
  { versions: [], after: null, problems: [] },
  { versions: [1, 2, 3], after: null, problems: [] },
  { versions: [0, 1, 2], after: null, problems: [] },
  { versions: [3, 4], after: null, problems: [{ kind: "gap", from: 1, to: 2 }] },
  { versions: [3, 4], after: 2, problems: [] },
  { versions: [3, 4], after: 3, problems: [{ kind: "duplicate", version: 3 }] },
  {
    versions: [1, 1, 1, 4, 4],
    after: null,
    problems: [
      { kind: "duplicate", version: 1 },
      { kind: "gap", from: 2, to: 3 },
      { kind: "duplicate", version: 4 },
    ],
  },
])("of versions $versions after $after", ({ versions, after, problems }) => {
  expect(findStreamProblems(versions, after)).toEqual(problems);
});
