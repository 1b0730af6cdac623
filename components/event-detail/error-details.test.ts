import { expect, test } from "vitest";
import { readErrorDetails } from "./error-details.ts";

const ERROR = { kind: "http" as const, name: "HttpError", message: "The consumer answered 500." };

test("an error's details are read, and an error without any has none", () => {
  const causes = [{ name: "Error", message: "refused", code: "ECONNREFUSED" }];
  expect(readErrorDetails({ ...ERROR, status: 500, bodyExcerpt: "busy", causes })).toEqual({
    status: 500,
    bodyExcerpt: "busy",
    causes,
  });
  expect(readErrorDetails(ERROR)).toEqual({ causes: [] });
});

test("a detail of another shape loses none of the others", () => {
  const odd = { ...ERROR, code: 7, causes: "many", stack: "at handler.ts:3" };
  expect(readErrorDetails(odd)).toMatchObject({ stack: "at handler.ts:3", causes: [] });
});
