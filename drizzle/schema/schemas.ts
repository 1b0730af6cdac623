import { bigint, integer, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

const count = (name: string) => bigint(name, { mode: "number" }).notNull().default(0);

export const schemaTypes = pgTable("schema_types", {
  typeId: integer("type_id").primaryKey(),
  policy: text("policy").notNull().default("observe"),
  since: bigint("since", { mode: "bigint" }).notNull(),
  changedAt: timestamp("changed_at", { withTimezone: true }).notNull(),
});

export const schemas = pgTable(
  "schemas",
  {
    typeId: integer("type_id")
      .notNull()
      .references(() => schemaTypes.typeId, { onDelete: "cascade" }),
    version: text("version").notNull(),
    schema: text("schema").notNull(),
    compatibility: text("compatibility").notNull(),
    upcasters: jsonb("upcasters").notNull().default([]),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.typeId, table.version] })],
);

/** Partitioned by the days of their events. */
export const schemaViolations = pgTable("schema_violations", {
  position: bigint("position", { mode: "bigint" }).primaryKey(),
  typeId: integer("type_id").notNull(),
  version: text("version"),
  judgedBy: text("judged_by"),
  problems: jsonb("problems").notNull(),
  problemCount: integer("problem_count").notNull(),
});

export const schemaCounts = pgTable(
  "schema_counts",
  {
    hour: timestamp("hour", { withTimezone: true }).notNull(),
    typeId: integer("type_id").notNull(),
    judged: count("judged"),
    violations: count("violations"),
    refused: count("refused"),
  },
  (table) => [primaryKey({ columns: [table.hour, table.typeId] })],
);
