import {
  bigint,
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
} from "drizzle-orm/pg-core";

const moment = (name: string) => timestamp(name, { withTimezone: true });

export const failureRules = pgTable("failure_rules", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  name: text("name").notNull(),
  place: integer("place").notNull(),
  isOn: boolean("is_on").notNull(),
  conditions: jsonb("conditions").notNull(),
  action: jsonb("action").notNull(),
  perMinute: integer("per_minute").notNull(),
  allowance: doublePrecision("allowance").notNull(),
  allowanceAt: moment("allowance_at").notNull().defaultNow(),
  cursor: bigint("cursor", { mode: "bigint" }).notNull(),
  taken: bigint("taken", { mode: "number" }).notNull().default(0),
  actedAt: moment("acted_at"),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  updatedBy: text("updated_by").notNull(),
});
