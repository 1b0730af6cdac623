import {
  bigint,
  boolean,
  customType,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });
const moment = (name: string) => timestamp(name, { withTimezone: true });
const position = (name: string) => bigint(name, { mode: "bigint" });

export const sagaTypes = pgTable("saga_types", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  type: text("type").notNull(),
  name: text("name").notNull(),
  isProcess: boolean("is_process").notNull().default(false),
  begun: integer("begun").notNull().default(0),
  wentOn: integer("went_on").notNull().default(0),
});

export const sagaStarts = pgTable(
  "saga_starts",
  {
    typeId: integer("type_id")
      .notNull()
      .references(() => sagaTypes.id, { onDelete: "cascade" }),
    eventTypeId: integer("event_type_id").notNull(),
    sourceId: integer("source_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.eventTypeId, table.sourceId, table.typeId] })],
);

export const sagas = pgTable("sagas", {
  id: uuid("id").primaryKey(),
  typeId: integer("type_id")
    .notNull()
    .references(() => sagaTypes.id),
  correlationKind: smallint("correlation_kind").notNull(),
  correlation: text("correlation").notNull(),
  subject: text("subject"),
  businessKey: text("business_key"),
  keyTail: text("key_tail"),
  basis: smallint("basis").notNull(),
  state: smallint("state").notNull(),
  since: moment("since").notNull(),
  startedAt: moment("started_at").notNull(),
  endedAt: moment("ended_at"),
  tookUs: bigint("took_us", { mode: "number" }),
  step: text("step"),
  awaits: text("awaits"),
  failedStep: text("failed_step"),
  failure: text("failure"),
  completed: integer("completed").notNull(),
  steps: integer("steps").notNull(),
  failed: integer("failed").notNull(),
  compensated: integer("compensated").notNull(),
  toCompensate: integer("to_compensate").notNull(),
  events: integer("events").notNull(),
  services: integer("services").notNull(),
  firstPosition: position("first_position").notNull(),
  lastPosition: position("last_position").notNull(),
  heldPosition: position("held_position"),
  lookAt: moment("look_at"),
  lookedAt: moment("looked_at").notNull(),
  counted: bytea("counted"),
  countedHour: moment("counted_hour"),
});

export const sagaCounts = pgTable(
  "saga_counts",
  {
    typeId: integer("type_id")
      .notNull()
      .references(() => sagaTypes.id, { onDelete: "cascade" }),
    basis: smallint("basis").notNull(),
    state: smallint("state").notNull(),
    step: text("step").notNull(),
    sagas: bigint("sagas", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.typeId, table.basis, table.state, table.step] })],
);

export const sagaMaps = pgTable(
  "saga_maps",
  {
    typeId: integer("type_id")
      .notNull()
      .references(() => sagaTypes.id, { onDelete: "cascade" }),
    hour: moment("hour").notNull(),
    map: jsonb("map").notNull(),
    version: integer("version").notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.typeId, table.hour] })],
);

export const flowMembers = pgTable("flow_members", {
  correlationKind: smallint("correlation_kind").notNull(),
  correlation: text("correlation").notNull(),
  position: position("position").notNull(),
});

export const correlationPaths = pgTable("correlation_paths", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  type: text("type").notNull(),
  path: text("path").notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
});
