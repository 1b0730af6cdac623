import { bigint, integer, pgTable, primaryKey, smallint, timestamp } from "drizzle-orm/pg-core";

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
