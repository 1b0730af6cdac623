import { expect, test } from "vitest";
import { acceptedFormat } from "./exposition.ts";

test.each([
  [undefined, "openmetrics"],
  ["*/*", "openmetrics"],
  ["text/plain", "prometheus"],
  ["text/plain;version=0.0.4;q=0.5,*/*;q=0.1", "prometheus"],
  [
    "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4,*/*;q=0.2",
    "openmetrics",
  ],
] as const)("who accepts %s gets the format %s", (accept, format) => {
  expect(acceptedFormat(accept)).toBe(format);
});
