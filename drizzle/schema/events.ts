import {
  bigint,
  customType,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

/** Partitioned by range of `position`: one partition a day (UTC). */
export const events = pgTable("events", {
  position: bigint("position", { mode: "bigint" }).primaryKey(),
  eventTime: timestamp("event_time", { withTimezone: true, mode: "string" }),
  typeId: integer("type_id").notNull(),
  sourceId: integer("source_id").notNull(),
  channelId: integer("channel_id"),
  contentTypeId: integer("content_type_id"),
  dataSchemaId: integer("data_schema_id"),
  aggregateTypeId: integer("aggregate_type_id"),
  aggregateVersion: integer("aggregate_version"),
  kind: smallint("kind"),
  shape: smallint("shape").notNull(),
  dataEncoding: smallint("data_encoding").notNull(),
  id: text("id").notNull(),
  timeText: text("time_text"),
  subject: text("subject"),
  correlationId: text("correlation_id"),
  causationId: text("causation_id"),
  partitionKey: text("partition_key"),
  aggregateId: text("aggregate_id"),
  traceparent: text("traceparent"),
  extensions: text("extensions"),
  dataText: text("data_text"),
  dataBytes: bytea("data_bytes"),
});

export const identityBatches = pgTable("identity_batches", {
  first: bigint("first", { mode: "bigint" }).primaryKey(),
  prefixes: bytea("prefixes").notNull(),
});

export const appendTurns = pgTable("append_turns", {
  turn: bigint("turn", { mode: "bigint" }).notNull(),
});

export const identityRuns = pgTable("identity_runs", {
  last: bigint("last", { mode: "bigint" }).primaryKey(),
  entries: bigint("entries", { mode: "bigint" }).notNull(),
  filterBytes: integer("filter_bytes").notNull(),
});

export const identityBlocks = pgTable(
  "identity_blocks",
  {
    run: bigint("run", { mode: "bigint" }).notNull(),
    first: uuid("first").notNull(),
    entries: bytea("entries").notNull(),
  },
  (table) => [primaryKey({ columns: [table.run, table.first] })],
);

export const identityFilters = pgTable(
  "identity_filters",
  {
    run: bigint("run", { mode: "bigint" }).notNull(),
    piece: integer("piece").notNull(),
    bits: bytea("bits").notNull(),
  },
  (table) => [primaryKey({ columns: [table.run, table.piece] })],
);

export const internedNames = pgTable("interned_names", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  field: text("field").notNull(),
  name: text("name").notNull(),
});
