import { bigint, integer, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

/** The aggregates whose events are known, appended here or observed in what others sent. */
export const streams = pgTable("streams", {
  id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  typeId: integer("type_id").notNull(),
  aggregateId: text("aggregate_id").notNull(),
  firstVersion: integer("first_version"),
  version: integer("version").notNull().default(0),
  lastPosition: bigint("last_position", { mode: "bigint" }).notNull().default(0n),
  events: bigint("events", { mode: "number" }).notNull().default(0),
  duplicates: bigint("duplicates", { mode: "number" }).notNull().default(0),
  observed: bigint("observed", { mode: "number" }).notNull().default(0),
});

export const streamEvents = pgTable(
  "stream_events",
  {
    streamId: bigint("stream_id", { mode: "bigint" }).notNull(),
    version: integer("version").notNull(),
    position: bigint("position", { mode: "bigint" }).notNull(),
    archived: text("archived"),
  },
  (table) => [primaryKey({ columns: [table.streamId, table.version, table.position] })],
);

export const snapshots = pgTable("snapshots", {
  streamId: bigint("stream_id", { mode: "bigint" })
    .primaryKey()
    .references(() => streams.id),
  version: integer("version").notNull(),
  stateVersion: integer("state_version").notNull(),
  state: jsonb("state").notNull(),
  takenAt: timestamp("taken_at", { withTimezone: true }).notNull().defaultNow(),
});
