import {
  bigint,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
} from "drizzle-orm/pg-core";

const minute = () => timestamp("minute", { withTimezone: true }).notNull();
const count = (name: string) => bigint(name, { mode: "number" }).notNull();

export const eventMinutes = pgTable(
  "event_minutes",
  {
    minute: minute(),
    typeId: integer("type_id").notNull(),
    sourceId: integer("source_id").notNull(),
    channelId: integer("channel_id").notNull(),
    kind: smallint("kind").notNull(),
    events: count("events"),
    uncorrelated: count("uncorrelated").default(0),
    caused: count("caused").default(0),
    traced: count("traced").default(0),
    uncaused: count("uncaused").default(0),
    lastPosition: bigint("last_position", { mode: "bigint" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.minute, table.typeId, table.sourceId, table.channelId, table.kind] }),
  ],
);

export const causeMinutes = pgTable(
  "cause_minutes",
  {
    minute: minute(),
    causeTypeId: integer("cause_type_id").notNull(),
    causeSourceId: integer("cause_source_id").notNull(),
    typeId: integer("type_id").notNull(),
    sourceId: integer("source_id").notNull(),
    bin: smallint("bin").notNull(),
    events: count("events"),
  },
  (table) => [
    primaryKey({
      columns: [
        table.minute,
        table.causeTypeId,
        table.causeSourceId,
        table.typeId,
        table.sourceId,
        table.bin,
      ],
    }),
  ],
);

export const flowStarts = pgTable(
  "flow_starts",
  {
    minute: minute(),
    typeId: integer("type_id").notNull(),
    sourceId: integer("source_id").notNull(),
    flows: doublePrecision("flows").notNull(),
  },
  (table) => [primaryKey({ columns: [table.minute, table.typeId, table.sourceId] })],
);

export const flowCandidates = pgTable("flow_candidates", {
  startPosition: bigint("start_position", { mode: "bigint" }).primaryKey(),
  typeId: integer("type_id").notNull(),
  sourceId: integer("source_id").notNull(),
  correlationId: text("correlation_id").notNull(),
  lookAt: timestamp("look_at", { withTimezone: true }).notNull(),
});

export const flowMinutes = pgTable(
  "flow_minutes",
  {
    minute: minute(),
    typeId: integer("type_id").notNull(),
    sourceId: integer("source_id").notNull(),
    way: text("way").notNull(),
    flows: count("flows"),
    summary: jsonb("summary").notNull(),
    traffic: jsonb("traffic").notNull(),
    examples: jsonb("examples").notNull(),
  },
  (table) => [primaryKey({ columns: [table.minute, table.typeId, table.sourceId, table.way] })],
);

const updatedAt = () => timestamp("updated_at", { withTimezone: true }).notNull().defaultNow();

export const sourceReactions = pgTable("source_reactions", {
  sourceId: integer("source_id").primaryKey(),
  events: count("events"),
  updatedAt: updatedAt(),
});

export const serviceSightings = pgTable(
  "service_sightings",
  {
    sourceId: integer("source_id").notNull(),
    consumer: text("consumer").notNull(),
    hits: count("hits"),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.sourceId, table.consumer] })],
);
