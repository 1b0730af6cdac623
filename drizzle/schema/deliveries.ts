import {
  bigint,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

const moment = (name: string) => timestamp(name, { withTimezone: true });

export const channels = pgTable("channels", {
  name: text("name").primaryKey(),
  kind: text("kind").notNull(),
  rules: jsonb("rules").notNull().default([]),
  description: text("description").notNull().default(""),
  createdAt: moment("created_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});

export const deliveryCursors = pgTable("delivery_cursors", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  position: bigint("position", { mode: "bigint" }).notNull(),
  reached: bigint("reached", { mode: "bigint" }).notNull(),
  generation: integer("generation").notNull().default(0),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});

export const subscriptions = pgTable("subscriptions", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  consumer: text("consumer").notNull(),
  channel: text("channel").references(() => channels.name),
  cursorId: integer("cursor_id")
    .notNull()
    .references(() => deliveryCursors.id),
  filters: jsonb("filters").notNull().default([]),
  target: jsonb("target").notNull(),
  ordering: text("ordering").notNull(),
  onDead: text("on_dead").notNull(),
  concurrency: integer("concurrency").notNull(),
  retry: jsonb("retry").notNull(),
  timeoutMs: integer("timeout_ms").notNull(),
  pausedAt: moment("paused_at"),
  deletedAt: moment("deleted_at"),
  createdAt: moment("created_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});

export const deliveryLeases = pgTable("delivery_leases", {
  id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  subscriptionId: integer("subscription_id")
    .notNull()
    .references(() => subscriptions.id),
  afterPosition: bigint("after_position", { mode: "bigint" }).notNull(),
  toPosition: bigint("to_position", { mode: "bigint" }).notNull(),
  generation: integer("generation").notNull(),
  worker: uuid("worker").notNull(),
  expiresAt: moment("expires_at").notNull(),
});

/** Partitioned like `events`. */
export const deliveries = pgTable(
  "deliveries",
  {
    position: bigint("position", { mode: "bigint" }).notNull(),
    subscriptionId: integer("subscription_id").notNull(),
    typeId: integer("type_id").notNull(),
    generation: integer("generation").notNull(),
    status: smallint("status").notNull(),
    attempts: integer("attempts").notNull(),
    duplicates: integer("duplicates").notNull().default(0),
    startedAt: moment("started_at"),
    durationUs: bigint("duration_us", { mode: "number" }),
    settledAt: moment("settled_at"),
    nextAttemptAt: moment("next_attempt_at"),
    leaseUntil: moment("lease_until"),
    worker: uuid("worker"),
    orderingKey: text("ordering_key"),
    attemptLimit: smallint("attempt_limit"),
  },
  (table) => [primaryKey({ columns: [table.position, table.subscriptionId] })],
);

/** Partitioned like `events`. */
export const attempts = pgTable(
  "attempts",
  {
    position: bigint("position", { mode: "bigint" }).notNull(),
    subscriptionId: integer("subscription_id").notNull(),
    generation: integer("generation").notNull(),
    attempt: integer("attempt").notNull(),
    startedAt: moment("started_at"),
    durationUs: bigint("duration_us", { mode: "number" }),
    endedAt: moment("ended_at"),
    outcome: smallint("outcome").notNull(),
    error: jsonb("error"),
  },
  (table) => [
    primaryKey({ columns: [table.position, table.subscriptionId, table.generation, table.attempt] }),
  ],
);
