import { bigint, integer, jsonb, pgTable, primaryKey, smallint, text, timestamp } from "drizzle-orm/pg-core";

const moment = (name: string) => timestamp(name, { withTimezone: true });
const count = (name: string) => bigint(name, { mode: "number" }).notNull().default(0);
const position = () => bigint("position", { mode: "bigint" }).notNull();

export const failureCases = pgTable("failure_cases", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  fingerprint: text("fingerprint").notNull().unique(),
  subscriptionId: integer("subscription_id").notNull(),
  typeId: integer("type_id").notNull(),
  error: jsonb("error").notNull(),
  message: text("message").notNull(),
  status: text("status").notNull().default("open"),
  statusBy: text("status_by"),
  statusAt: moment("status_at"),
  mutedUntil: moment("muted_until"),
  owner: text("owner"),
  ticketUrl: text("ticket_url"),
  returns: integer("returns").notNull().default(0),
  deaths: count("deaths"),
  parked: count("parked"),
  replaying: count("replaying"),
  resolved: count("resolved"),
  discarded: count("discarded"),
  firstAt: moment("first_at").notNull(),
  lastAt: moment("last_at").notNull(),
});

export const caseNotes = pgTable("case_notes", {
  id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  caseId: integer("case_id")
    .notNull()
    .references(() => failureCases.id, { onDelete: "cascade" }),
  at: moment("at").notNull().defaultNow(),
  by: text("by").notNull(),
  note: text("note").notNull(),
});

export const caseCounts = pgTable(
  "case_counts",
  {
    caseId: integer("case_id")
      .notNull()
      .references(() => failureCases.id, { onDelete: "cascade" }),
    since: moment("since").notNull(),
    deaths: integer("deaths").notNull(),
  },
  (table) => [primaryKey({ columns: [table.caseId, table.since] })],
);

export const letterActions = pgTable(
  "letter_actions",
  {
    position: position(),
    subscriptionId: integer("subscription_id").notNull(),
    auditId: bigint("audit_id", { mode: "bigint" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.position, table.subscriptionId, table.auditId] })],
);

export const caseMoves = pgTable("case_moves", {
  id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  caseId: integer("case_id")
    .notNull()
    .references(() => failureCases.id, { onDelete: "cascade" }),
  old: smallint("old").notNull(),
  new: smallint("new").notNull(),
  letters: integer("letters").notNull(),
});

export const deadLetters = pgTable(
  "dead_letters",
  {
    position: position(),
    subscriptionId: integer("subscription_id").notNull(),
    generation: integer("generation").notNull(),
    number: bigint("number", { mode: "bigint" }).unique(),
    formerNumber: bigint("former_number", { mode: "bigint" }),
    caseId: integer("case_id").references(() => failureCases.id),
    typeId: integer("type_id").notNull(),
    sourceId: integer("source_id").notNull(),
    eventId: text("event_id").notNull(),
    partitionKey: text("partition_key"),
    correlationId: text("correlation_id"),
    message: text("message").notNull(),
    attempts: integer("attempts").notNull(),
    deaths: integer("deaths").notNull().default(1),
    firstDiedAt: moment("first_died_at").notNull(),
    diedAt: moment("died_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.position, table.subscriptionId] })],
);

export const unresolvedLetters = pgTable(
  "unresolved_letters",
  {
    position: position(),
    subscriptionId: integer("subscription_id").notNull(),
    number: bigint("number", { mode: "bigint" }),
    caseId: integer("case_id"),
    status: smallint("status").notNull(),
    countedAs: smallint("counted_as"),
    key: bigint("key", { mode: "bigint" }),
  },
  (table) => [primaryKey({ columns: [table.position, table.subscriptionId] })],
);

export const letterKeys = pgTable(
  "letter_keys",
  {
    hash: bigint("hash", { mode: "bigint" }).notNull(),
    number: bigint("number", { mode: "bigint" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.hash, table.number] })],
);
