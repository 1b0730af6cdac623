import { bigint, customType, integer, pgTable, smallint, text, timestamp, uuid } from "drizzle-orm/pg-core";

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

export const eventIdentities = pgTable("event_identities", {
  identity: uuid("identity").primaryKey(),
  position: bigint("position", { mode: "bigint" }).notNull(),
});

export const internedNames = pgTable("interned_names", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  field: text("field").notNull(),
  name: text("name").notNull(),
});
