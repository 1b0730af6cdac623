import { z } from "zod";
import { violationSchema } from "./event-schema.ts";
import { asOfSchema, positionSchema } from "./events.ts";
import { placedProblemSchema, schemaBreakSchema } from "./problem.ts";
import { schemaVersionSchema, upcastersSchema } from "./upcasters.ts";

/** What becomes of an event that its type's schema does not take: stored and marked, or refused. */
export const SCHEMA_POLICIES = ["observe", "enforce"] as const;
export type SchemaPolicy = (typeof SCHEMA_POLICIES)[number];

export const eventTypeSchema = z.string().min(1).max(1024);

const compatibility = z
  .enum(["backward", "forward", "full", "none"])
  .describe(
    "What this version promises beside the one before it: it takes old data, old readers take its data, both, nothing.",
  );

const schemaDocument = z
  .union([z.boolean(), z.record(z.string(), z.unknown())])
  .describe("A JSON Schema of the dialect 2020-12.");

export const schemaInputSchema = z.strictObject({
  schema: schemaDocument,
  compatibility: compatibility.default("backward"),
  upcasters: upcastersSchema.default([]),
});
export type SchemaInput = z.infer<typeof schemaInputSchema>;

export const schemaVersionDtoSchema = z.object({
  type: z.string(),
  version: schemaVersionSchema,
  schema: schemaDocument,
  compatibility,
  upcasters: upcastersSchema,
  createdAt: z.string(),
});
export type SchemaVersionDto = z.infer<typeof schemaVersionDtoSchema>;

export const typeSchemasSchema = z.object({
  type: z.string(),
  policy: z.enum(SCHEMA_POLICIES),
  /** Oldest first. */
  versions: z.array(schemaVersionDtoSchema),
});
export type TypeSchemasDto = z.infer<typeof typeSchemasSchema>;

/** What schemas would make of the newest events of a type. */
export const measuredSchema = z.object({
  /** Events that were judged. */
  events: z.number().int(),
  violating: z.number().int(),
  /** When the oldest and the newest of them were recorded; null without events. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** The newest that violate, each with its first problem. */
  examples: z.array(placedProblemSchema.extend({ position: positionSchema, version: z.string().nullable() })),
});
export type MeasuredDto = z.infer<typeof measuredSchema>;

/** What would come of registering a schema. */
export const schemaCheckSchema = z.object({
  /** Why it can't be used at all, by places in the schema. */
  problems: z.array(placedProblemSchema),
  /** Why the version can't be taken; null when it can. */
  refusal: z.string().nullable(),
  /** The version before, which it was compared with; null for the first. */
  comparedWith: z.string().nullable(),
  breaks: z.array(schemaBreakSchema),
  /** The newest events by the schemas of the type with this one among them; null when it can't be used. */
  measured: measuredSchema.nullable(),
});
export type SchemaCheckDto = z.infer<typeof schemaCheckSchema>;

export const policyInputSchema = z.strictObject({
  policy: z.enum(SCHEMA_POLICIES),
  /** Says what enforcing would refuse, and changes nothing. */
  dryRun: z.boolean().default(false),
});
export type PolicyInput = z.infer<typeof policyInputSchema>;

export const policyAnswerSchema = z.object({
  type: z.string(),
  /** The policy in force after this request. */
  policy: z.enum(SCHEMA_POLICIES),
  measured: measuredSchema,
});
export type PolicyAnswerDto = z.infer<typeof policyAnswerSchema>;

export const violationPageSchema = z.object({
  /** Newest first. */
  violations: z.array(
    violationSchema.extend({
      position: positionSchema,
      recordedAt: z.string(),
      id: z.string(),
      source: z.string(),
    }),
  ),
  /** Pass it as `before`. Null at the end. */
  nextBefore: positionSchema.nullable(),
  /** Events up to here are judged. */
  judgedTo: positionSchema,
});
export type ViolationPageDto = z.infer<typeof violationPageSchema>;

/** What the newest events of a type looked like. */
const sampleSchema = z.object({
  /** Events that were read. */
  events: z.number().int(),
  /** Versions that they name, commonest first; null stands for those that name none. */
  versions: z.array(z.string().nullable()),
  /** Sources that they come from, commonest first. */
  producers: z.array(z.string()),
  /** Names of the fields of their payloads, as JSON Pointers, outer before inner. */
  fields: z.array(z.string()),
  fieldsCapped: z.boolean(),
  /** When the newest of them was recorded; null without events. */
  lastEventAt: z.string().nullable(),
});

export const typeSummarySchema = z.object({
  type: z.string(),
  /** Null when no schema is registered. */
  policy: z.enum(SCHEMA_POLICIES).nullable(),
  /** Registered versions, oldest first. */
  versions: z.array(z.string()),
  /** Events of the window. */
  events: z.number().int(),
  /** Of the window: events held against a schema, those that violated it, and those that were refused. */
  judged: z.number().int(),
  violations: z.number().int(),
  refused: z.number().int(),
  sample: sampleSchema,
  /** Consumers to which one of the sampled events is owed, by name. */
  consumers: z.array(z.string()),
});
export type TypeSummaryDto = z.infer<typeof typeSummarySchema>;

const hoursSchema = z.object({ from: z.string(), to: z.string() });

export const MAX_TYPE_PAGE = 200;

export const typePageSchema = z.object({
  /** By name. */
  types: z.array(typeSummarySchema),
  /** Pass it as `after`. Null at the end. */
  nextAfter: z.string().nullable(),
  /** Whole hours, which the counts are of. */
  window: hoursSchema,
  asOf: asOfSchema,
});
export type TypePageDto = z.infer<typeof typePageSchema>;

export const fieldSeenSchema = z.object({
  path: z.string(),
  count: z.number().int(),
  /** The part of the objects around it that had it; null for elements and for the payload itself. */
  share: z.number().nullable(),
  types: z.array(z.string()),
  format: z.string().nullable(),
});
export type FieldSeenDto = z.infer<typeof fieldSeenSchema>;

export const typeDetailSchema = typeSummarySchema.extend({
  window: hoursSchema,
  inferred: z.object({
    /** Events whose payloads were read, and those passed over: without JSON, or large. */
    read: z.number().int(),
    skipped: z.number().int(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    /** A schema that every payload read is valid by; null when none was read. */
    schema: schemaDocument.nullable(),
    fields: z.array(fieldSeenSchema),
    fieldsCapped: z.boolean(),
  }),
  asOf: asOfSchema,
});
export type TypeDetailDto = z.infer<typeof typeDetailSchema>;
