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

const moment = (name: string) => timestamp(name, { withTimezone: true });
const int4multirange = customType<{ data: string }>({ dataType: () => "int4multirange" });
const position = () => bigint("position", { mode: "bigint" }).notNull();

export const replays = pgTable("replays", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  reason: text("reason").notNull(),
  view: text("view"),
  actor: text("actor").notNull(),
  ruleId: integer("rule_id"),
  selection: jsonb("selection").notNull(),
  cutOff: bigint("cut_off", { mode: "bigint" }).notNull(),
  newer: bigint("newer", { mode: "number" }).notNull().default(0),
  delivery: jsonb("delivery").notNull(),
  status: text("status").notNull(),
  run: jsonb("run").notNull(),
  reached: integer("reached").notNull().default(0),
  isLinked: boolean("is_linked").notNull().default(false),
  createdAt: moment("created_at").notNull().defaultNow(),
  startedAt: moment("started_at"),
  endedAt: moment("ended_at"),
});

export const replayParts = pgTable(
  "replay_parts",
  {
    replayId: integer("replay_id").notNull(),
    firstSeq: integer("first_seq").notNull(),
    firstPosition: bigint("first_position", { mode: "bigint" }).notNull(),
    firstSubscriptionId: integer("first_subscription_id").notNull(),
    lastPosition: bigint("last_position", { mode: "bigint" }).notNull(),
    positions: bigint("positions", { mode: "bigint" }).array().notNull(),
    subscriptionIds: integer("subscription_ids").array().notNull(),
    caseIds: integer("case_ids").array().notNull(),
    keys: bigint("keys", { mode: "bigint" }).array(),
    nextPositions: bigint("next_positions", { mode: "bigint" }).array(),
    isBehind: boolean("is_behind").array(),
  },
  (table) => [primaryKey({ columns: [table.replayId, table.firstSeq] })],
);

export const openItems = pgTable(
  "open_items",
  {
    replayId: integer("replay_id").notNull(),
    state: smallint("state").notNull(),
    seq: integer("seq").notNull(),
    position: position(),
    subscriptionId: integer("subscription_id").notNull(),
    nextPosition: bigint("next_position", { mode: "bigint" }),
    caseId: integer("case_id"),
    generation: integer("generation"),
    startedAt: moment("started_at"),
    isShown: boolean("is_shown").notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.replayId, table.state, table.seq] })],
);

export const handedStretches = pgTable(
  "handed_stretches",
  {
    replayId: integer("replay_id").notNull(),
    id: bigint("id", { mode: "bigint" }).generatedAlwaysAsIdentity(),
    subscriptionId: integer("subscription_id").notNull(),
    generation: integer("generation").notNull(),
    seqs: int4multirange("seqs").notNull(),
    firstPosition: bigint("first_position", { mode: "bigint" }).notNull(),
    lastPosition: bigint("last_position", { mode: "bigint" }).notNull(),
    worker: uuid("worker").notNull(),
    leaseUntil: moment("lease_until").notNull(),
    startedAt: moment("started_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.replayId, table.id] })],
);

export const endedItems = pgTable(
  "ended_items",
  {
    position: position(),
    startedAt: moment("started_at"),
    endedAt: moment("ended_at").notNull(),
    replayId: integer("replay_id").notNull(),
    seq: integer("seq").notNull(),
    subscriptionId: integer("subscription_id").notNull(),
    generation: integer("generation"),
    newCaseId: integer("new_case_id"),
    outcome: smallint("outcome").notNull(),
  },
  (table) => [primaryKey({ columns: [table.replayId, table.seq] })],
);

export const endedRounds = pgTable(
  "ended_rounds",
  {
    replayId: integer("replay_id").notNull(),
    firstSeq: integer("first_seq").notNull(),
    id: bigint("id", { mode: "bigint" }).generatedAlwaysAsIdentity(),
    subscriptionId: integer("subscription_id").notNull(),
    generation: integer("generation").notNull(),
    startedAt: moment("started_at").notNull(),
    seqs: integer("seqs").array().notNull(),
    endedAt: moment("ended_at").array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.replayId, table.firstSeq, table.id] })],
);

export const endedCounts = pgTable("ended_counts", {
  id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  replayId: integer("replay_id").notNull(),
  outcome: smallint("outcome").notNull(),
  caseId: integer("case_id"),
  isLate: boolean("is_late").notNull(),
  items: integer("items").notNull(),
});

export const deliveryEdits = pgTable(
  "delivery_edits",
  {
    position: position(),
    subscriptionId: integer("subscription_id").notNull(),
    generation: integer("generation").notNull(),
    dataText: text("data_text").notNull(),
    replayId: integer("replay_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.position, table.subscriptionId, table.generation] })],
);
