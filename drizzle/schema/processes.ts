import { bigint, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";

const moment = (name: string) => timestamp(name, { withTimezone: true });

export const processes = pgTable("processes", {
  id: uuid("id").primaryKey().defaultRandom(),
  name: text("name").notNull(),
  businessKey: text("business_key").notNull(),
  correlationId: text("correlation_id").notNull(),
  status: text("status").notNull(),
  state: jsonb("state").notNull(),
  version: integer("version").notNull().default(0),
  startPosition: bigint("start_position", { mode: "bigint" }).notNull(),
  startedAt: moment("started_at").notNull(),
  updatedAt: moment("updated_at").notNull(),
  endedAt: moment("ended_at"),
  nextDeadline: moment("next_deadline"),
});

export const processTransitions = pgTable(
  "process_transitions",
  {
    processId: uuid("process_id")
      .notNull()
      .references(() => processes.id, { onDelete: "cascade" }),
    sequence: integer("sequence").notNull(),
    at: moment("at").notNull(),
    kind: text("kind").notNull(),
    step: text("step"),
    attempt: integer("attempt"),
    detail: text("detail"),
    causePosition: bigint("cause_position", { mode: "bigint" }),
    actor: text("actor"),
    request: jsonb("request"),
  },
  (table) => [primaryKey({ columns: [table.processId, table.sequence] })],
);

export const incidents = pgTable("incidents", {
  id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  processId: uuid("process_id")
    .notNull()
    .references(() => processes.id, { onDelete: "cascade" }),
  step: text("step").notNull(),
  reason: text("reason").notNull(),
  raisedAt: moment("raised_at").notNull(),
  failures: integer("failures").notNull().default(1),
  resolvedAt: moment("resolved_at"),
  resolvedBy: text("resolved_by"),
});
