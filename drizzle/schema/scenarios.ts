import {
  bigint,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";

const moment = (name: string) => timestamp(name, { withTimezone: true });

export const scenarios = pgTable("scenarios", {
  name: text("name").primaryKey(),
  runningSince: moment("running_since"),
  rate: doublePrecision("rate").notNull(),
  producedTo: moment("produced_to"),
  produced: bigint("produced", { mode: "bigint" }).notNull(),
  optionalServices: text("optional_services").array().notNull(),
});

export const scenarioFaults = pgTable(
  "scenario_faults",
  {
    scenario: text("scenario")
      .notNull()
      .references(() => scenarios.name, { onDelete: "cascade" }),
    service: text("service").notNull(),
    fault: jsonb("fault").notNull(),
    preset: text("preset"),
    endsAt: moment("ends_at"),
  },
  (table) => [primaryKey({ columns: [table.scenario, table.service] })],
);

export const sampleEffects = pgTable(
  "sample_effects",
  {
    scenario: text("scenario").notNull(),
    effect: text("effect").notNull(),
    businessKey: text("business_key").notNull(),
    times: integer("times").notNull().default(1),
    at: moment("at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.scenario, table.effect, table.businessKey] })],
);

export const sampleTotals = pgTable(
  "sample_totals",
  {
    scenario: text("scenario").notNull(),
    name: text("name").notNull(),
    total: doublePrecision("total").notNull(),
  },
  (table) => [primaryKey({ columns: [table.scenario, table.name] })],
);

export const sampleDocuments = pgTable(
  "sample_documents",
  {
    scenario: text("scenario").notNull(),
    name: text("name").notNull(),
    document: jsonb("document").notNull(),
  },
  (table) => [primaryKey({ columns: [table.scenario, table.name] })],
);

export const sampleOrders = pgTable(
  "sample_orders",
  {
    generation: integer("generation").notNull(),
    orderId: text("order_id").notNull(),
    version: integer("version").notNull(),
    state: jsonb("state").notNull(),
    lastPosition: bigint("last_position", { mode: "bigint" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.generation, table.orderId] })],
);
