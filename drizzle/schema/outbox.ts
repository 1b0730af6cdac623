import { bigint, pgTable, text, timestamp } from "drizzle-orm/pg-core";

export const outbox = pgTable("outbox", {
  id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  envelope: text("envelope").notNull(),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  sentAt: timestamp("sent_at", { withTimezone: true }),
  refusedReason: text("refused_reason"),
});
