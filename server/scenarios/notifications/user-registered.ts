import { z } from "zod";
import { NonRetryableError } from "#server/domain/retry-policy.ts";
import type { SampleSchema } from "../scenario.ts";
import { type Customer, WAYS } from "./preferences.ts";

const TYPE = "user.registered";
const wants = { type: "array", items: { enum: WAYS } };

/** What was `name` in 1.0 is `full_name` in 2.0. Whoever reads the newest version never sees `name`. */
export const USER_REGISTERED: readonly SampleSchema[] = [
  {
    type: TYPE,
    version: "1.0",
    input: {
      schema: {
        type: "object",
        required: ["customerId", "name", "wants"],
        properties: { customerId: { type: "string" }, name: { type: "string" }, wants },
      },
      compatibility: "none",
      upcasters: [],
    },
  },
  {
    type: TYPE,
    version: "2.0",
    input: {
      schema: {
        type: "object",
        required: ["customerId", "full_name", "wants"],
        properties: { customerId: { type: "string" }, full_name: { type: "string" }, wants },
      },
      compatibility: "none",
      upcasters: [{ from: "1.0", steps: [{ kind: "rename", from: "/name", to: "full_name" }] }],
    },
  },
];

const newest = z.object({ full_name: z.string(), wants: z.array(z.enum(WAYS)) });

/** The customer whose state the event carries. Throws a `NonRetryableError` where it is not of version 2.0. */
export function readRegistered(data: object): Customer {
  const read = newest.safeParse(data);
  if (read.success) return { fullName: read.data.full_name, wants: read.data.wants };
  throw new NonRetryableError(
    `This ${TYPE} does not read as version 2.0. Are both versions still registered, with the upcaster?`,
  );
}
