import { z } from "zod";
import { letterSummarySchema } from "./dead-letters.ts";
import { asOfSchema } from "./events.ts";

const glob = z.string().trim().min(1).max(1024);
const milliseconds = z
  .int()
  .min(0)
  .max(90 * 86_400_000);
const attempts = z.int().min(0).max(1_000_000);

/** All that is given must hold. `consumer`, `type`, `errorName` and `message` take `*` for any run of characters. */
export const ruleConditionsSchema = z.strictObject({
  consumer: glob.optional(),
  type: glob.optional(),
  errorName: glob.optional(),
  message: glob.optional(),
  fingerprint: z.string().trim().min(1).max(100).optional(),
  /** How long ago the delivery died. */
  minAgeMs: milliseconds.optional(),
  maxAgeMs: milliseconds.optional(),
  /** Attempts of all generations together. */
  minAttempts: attempts.optional(),
  maxAttempts: attempts.optional(),
});

export const ruleActionSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("replay") }),
  z.strictObject({ kind: z.literal("discard"), reason: z.string().trim().min(1).max(1000) }),
  z.strictObject({ kind: z.literal("assign"), owner: z.string().trim().min(1).max(200) }),
]);

export const ruleInputSchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  isOn: z.boolean().default(false),
  conditions: ruleConditionsSchema,
  action: ruleActionSchema,
  /** Letters that it may take in a minute; the others wait. */
  perMinute: z.int().min(1).max(100_000).default(60),
  /** Whether it looks at the letters that are parked when it is switched on, too. */
  takesParked: z.boolean().default(false),
});
export type RuleInput = z.infer<typeof ruleInputSchema>;

export const ruleSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  /** The first rule that a letter meets decides. */
  place: z.number().int(),
  isOn: z.boolean(),
  conditions: ruleConditionsSchema,
  action: ruleActionSchema,
  perMinute: z.number().int(),
  /** Letters that it took since it was made. */
  taken: z.number().int(),
  actedAt: z.string().nullable(),
  /** What it has to look at still. */
  waiting: z.number().int(),
  updatedAt: z.string(),
  updatedBy: z.string(),
});
export type RuleDto = z.infer<typeof ruleSchema>;

export const ruleListSchema = z.object({ rules: z.array(ruleSchema), asOf: asOfSchema });
export type RuleListDto = z.infer<typeof ruleListSchema>;

export const ruleOrderSchema = z.strictObject({ ids: z.array(z.int().positive()).max(1000) });

export const ruleSimulationInputSchema = z.strictObject({
  rule: ruleInputSchema,
  /** The rule that it would take the place of; left out for a new one, which stands behind all others. */
  id: z.int().positive().optional(),
});
export type RuleSimulationInput = z.infer<typeof ruleSimulationInputSchema>;

/** What a rule would have done with the dead letters of the last seven days, had it been on. */
export const ruleSimulationSchema = z.object({
  from: z.string(),
  to: z.string(),
  /** Letters that were looked at; `isCut` when there were more, and the newest were taken. */
  letters: z.number().int(),
  isCut: z.boolean(),
  /** Letters that it would have taken. */
  taken: z.number().int(),
  /** Of these, more than `perMinute` in their minute: they would have waited. */
  delayed: z.number().int(),
  /** Letters that meet its conditions, but that a rule before it takes. */
  takenBefore: z.array(z.object({ id: z.number().int(), name: z.string(), letters: z.number().int() })),
  /** What became of those that it would have taken, without it. */
  became: z.object({
    parked: z.number().int(),
    replaying: z.number().int(),
    resolved: z.number().int(),
    discarded: z.number().int(),
  }),
  cases: z.array(
    z.object({
      case: z.number().int(),
      consumer: z.string(),
      type: z.string(),
      message: z.string(),
      letters: z.number().int(),
    }),
  ),
  days: z.array(z.object({ day: z.string(), letters: z.number().int() })),
  samples: z.array(letterSummarySchema),
});
export type RuleSimulationDto = z.infer<typeof ruleSimulationSchema>;
