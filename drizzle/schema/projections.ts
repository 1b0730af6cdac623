import { sql } from "drizzle-orm";
import { bigint, integer, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

const moment = (name: string) => timestamp(name, { withTimezone: true });

export const projections = pgTable("projections", {
  name: text("name").primaryKey(),
  generation: integer("generation").notNull().default(1),
  pausedAt: moment("paused_at"),
});

export const projectionGenerations = pgTable(
  "projection_generations",
  {
    name: text("name")
      .notNull()
      .references(() => projections.name),
    generation: integer("generation").notNull(),
    version: integer("version").notNull(),
    position: bigint("position", { mode: "bigint" }).notNull().default(0n),
    applied: bigint("applied", { mode: "number" }).notNull().default(0),
    startedAt: moment("started_at").notNull().defaultNow(),
    movedAt: moment("moved_at").notNull().defaultNow(),
    failures: integer("failures").notNull().default(0),
    error: text("error"),
    failedPosition: bigint("failed_position", { mode: "bigint" }),
    failedAt: moment("failed_at"),
    retryAt: moment("retry_at"),
  },
  (table) => [primaryKey({ columns: [table.name, table.generation] })],
);

export const projectionProgress = pgTable("projection_progress", {
  projection: text("projection").notNull(),
  generation: integer("generation").notNull(),
  version: integer("version").notNull(),
  position: bigint("position", { mode: "bigint" }).notNull(),
  appliedAt: moment("applied_at").notNull().default(sql`clock_timestamp()`),
});

export const orderSummaries = pgTable(
  "order_summaries",
  {
    generation: integer("generation").notNull(),
    orderId: text("order_id").notNull(),
    version: integer("version").notNull(),
    status: text("status").notNull(),
    customerId: text("customer_id").notNull(),
    currency: text("currency").notNull(),
    lineCount: integer("line_count").notNull(),
    totalMinor: bigint("total_minor", { mode: "number" }).notNull(),
    state: jsonb("state").notNull(),
    firstPosition: bigint("first_position", { mode: "bigint" }).notNull(),
    lastPosition: bigint("last_position", { mode: "bigint" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.generation, table.orderId] })],
);
