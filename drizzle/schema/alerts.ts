import {
  bigint,
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";

const moment = (name: string) => timestamp(name, { withTimezone: true });

export const alertDestinations = pgTable("alert_destinations", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  kind: text("kind").notNull(),
  name: text("name").notNull(),
  config: jsonb("config").notNull(),
  updatedAt: moment("updated_at").notNull(),
  deletedAt: moment("deleted_at"),
});

export const alertRules = pgTable("alert_rules", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  name: text("name").notNull(),
  isOn: boolean("is_on").notNull(),
  severity: text("severity").notNull(),
  condition: jsonb("condition").notNull(),
  forMs: integer("for_ms").notNull(),
  destinations: integer("destinations").array().notNull(),
  note: text("note").notNull(),
  runbook: text("runbook"),
  version: integer("version").notNull().default(1),
  mutedUntil: moment("muted_until"),
  muteReason: text("mute_reason"),
  mutedBy: text("muted_by"),
  evaluatedAt: moment("evaluated_at"),
  problem: text("problem"),
  problemFacts: jsonb("problem_facts"),
  updatedAt: moment("updated_at").notNull(),
  updatedBy: text("updated_by").notNull(),
});

export const alerts = pgTable("alerts", {
  id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  ruleId: integer("rule_id").notNull(),
  ruleName: text("rule_name").notNull(),
  severity: text("severity").notNull(),
  condition: jsonb("condition").notNull(),
  labels: jsonb("labels").notNull(),
  series: text("series").notNull(),
  state: text("state").notNull(),
  holds: boolean("holds").notNull(),
  beganAt: moment("began_at").notNull(),
  heldMs: bigint("held_ms", { mode: "number" }).notNull(),
  seenAt: moment("seen_at").notNull(),
  firedAt: moment("fired_at"),
  resolvedAt: moment("resolved_at"),
  acknowledgedAt: moment("acknowledged_at"),
  acknowledgedBy: text("acknowledged_by"),
  acknowledgedNote: text("acknowledged_note"),
  changes: jsonb("changes").notNull(),
  value: doublePrecision("value"),
  worst: doublePrecision("worst"),
  told: text("told"),
  mutedUntil: moment("muted_until"),
  muteReason: text("mute_reason"),
  mutedBy: text("muted_by"),
});

export const alertSteps = pgTable(
  "alert_steps",
  {
    alertId: bigint("alert_id", { mode: "bigint" }).notNull(),
    step: integer("step").notNull(),
    at: moment("at").notNull(),
    state: text("state").notNull(),
    cause: text("cause").notNull(),
    value: doublePrecision("value"),
    actor: text("actor"),
  },
  (table) => [primaryKey({ columns: [table.alertId, table.step] })],
);

export const alertNotices = pgTable("alert_notices", {
  id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  alertId: bigint("alert_id", { mode: "bigint" }),
  kind: text("kind").notNull(),
  destinationId: integer("destination_id").notNull(),
  message: jsonb("message").notNull(),
  status: text("status").notNull(),
  createdAt: moment("created_at").notNull(),
  nextAttemptAt: moment("next_attempt_at"),
  tries: integer("tries").notNull().default(0),
  leasedUntil: moment("leased_until"),
  attempts: jsonb("attempts").notNull().default([]),
});

export const alertEvaluation = pgTable("alert_evaluation", {
  id: integer("id").primaryKey(),
  holder: text("holder"),
  leasedUntil: moment("leased_until"),
  evaluatedAt: moment("evaluated_at"),
});
