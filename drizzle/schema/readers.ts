import { bigint, integer, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

/** Where each reader of the event log stands. */
export const checkpoints = pgTable("checkpoints", {
  name: text("name").primaryKey(),
  position: bigint("position", { mode: "bigint" }).notNull(),
  updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
});

export const hourlyCounts = pgTable(
  "hourly_counts",
  {
    hour: timestamp("hour", { withTimezone: true }).notNull(),
    nameId: integer("name_id").notNull(),
    events: bigint("events", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.hour, table.nameId] })],
);

/** The same of whole days (UTC) before the one that is being counted. */
export const dailyCounts = pgTable(
  "daily_counts",
  {
    day: timestamp("day", { withTimezone: true }).notNull(),
    nameId: integer("name_id").notNull(),
    events: bigint("events", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.nameId] })],
);

/** Where the events of a type, from a source or about a subject stand; a subject has a hash below zero for a name. */
export const eventPostings = pgTable(
  "event_postings",
  {
    nameId: integer("name_id").notNull(),
    first: bigint("first", { mode: "bigint" }).notNull(),
    last: bigint("last", { mode: "bigint" }).notNull(),
    lowBits: integer("low_bits").array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.nameId, table.first] })],
);
