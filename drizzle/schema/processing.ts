import { bigint, integer, json, pgTable, primaryKey, smallint, timestamp } from "drizzle-orm/pg-core";

const moment = (name: string) => timestamp(name, { withTimezone: true });
const count = (name: string) => bigint(name, { mode: "number" }).notNull().default(0);

export const processingMinutes = pgTable(
  "processing_minutes",
  {
    minute: moment("minute").notNull(),
    subscriptionId: integer("subscription_id").notNull(),
    typeId: integer("type_id").notNull(),
    succeeded: count("succeeded"),
    failed: count("failed"),
    retried: count("retried"),
    duplicates: count("duplicates"),
    dead: count("dead"),
    durationUs: count("duration_us"),
    criticalUs: count("critical_us"),
  },
  (table) => [primaryKey({ columns: [table.minute, table.subscriptionId, table.typeId] })],
);

export const processingBins = pgTable(
  "processing_bins",
  {
    minute: moment("minute").notNull(),
    subscriptionId: integer("subscription_id").notNull(),
    typeId: integer("type_id").notNull(),
    measure: smallint("measure").notNull(),
    bin: smallint("bin").notNull(),
    count: bigint("count", { mode: "number" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.minute, table.subscriptionId, table.typeId, table.measure, table.bin] }),
  ],
);

export const unroutedEvents = pgTable(
  "unrouted_events",
  {
    hour: moment("hour").notNull(),
    typeId: integer("type_id").notNull(),
    events: bigint("events", { mode: "number" }).notNull(),
    sourceId: integer("source_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.hour, table.typeId, table.sourceId] })],
);

export const uncountedAttempts = pgTable("uncounted_attempts", {
  id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  subscriptionId: integer("subscription_id").notNull(),
  typeId: integer("type_id").notNull(),
  status: smallint("status").notNull(),
  endedUs: bigint("ended_us", { mode: "bigint" }).notNull(),
  durationUs: bigint("duration_us", { mode: "bigint" }).notNull(),
  criticalUs: bigint("critical_us", { mode: "bigint" }),
});

export const processingTallies = pgTable("processing_tallies", {
  id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  subscriptionId: integer("subscription_id").notNull(),
  recordedAt: moment("recorded_at").notNull().defaultNow(),
  tally: json("tally").notNull(),
});
