import { expect, test } from "vitest";
import { fingerprintOf } from "#server/domain/failures/normalize-error.ts";
import { withoutOwnFrames } from "./own-frames.ts";

const folder = import.meta.dirname;
const thrown = (...calls: string[]) => ({
  kind: "handler" as const,
  name: "Error",
  message: "Refused.",
  stack: ["Error: Refused.", "    at handle (/app/src/billing.js:10:3)", ...calls].join("\n"),
});

test("a fault is one failure case, whether the first attempt found it or a retry", () => {
  const first = thrown(
    `    at async attemptDelivery (file://${folder}/attempt.ts:52:5)`,
    `    at async deliverOne (file://${folder}/deliver-stretch.ts:90:5)`,
  );
  const retry = thrown(
    `    at ${folder}/attempt.ts:60:9`,
    `    at async deliverClaimed (${folder}/deliver-claimed.ts:60:18)`,
  );
  const [a, b] = [first, retry].map((error) =>
    fingerprintOf({ consumer: "billing", type: "order.placed", error: withoutOwnFrames(error) }),
  );
  expect(a).toBe(b);
});

test("the frames of others stay, and so does the message", () => {
  const error = thrown(`    at Bus.run (file:///app/server/bus/attempt.js:1:1)`);
  expect(withoutOwnFrames(error)).toEqual(error);
  const message = {
    ...thrown(),
    stack: `Error: see ${folder}/attempt.ts\n    at handle (/app/src/billing.js:10:3)`,
  };
  expect(withoutOwnFrames(message)).toEqual(message);
  const { stack, ...rest } = thrown();
  expect(stack).toBeDefined();
  expect(withoutOwnFrames(rest)).toEqual(rest);
});
