import {
  bigint,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  timestamp,
} from "drizzle-orm/pg-core";

export const metricSeries = pgTable("metric_series", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  metric: text("metric").notNull(),
  labelNames: text("label_names").notNull(),
  labels: jsonb("labels").notNull(),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
});

/** Partitioned by list of `slot`: four of them take turns for each resolution. */
export const metricPoints = pgTable("metric_points", {
  slot: smallint("slot").notNull(),
  seriesId: integer("series_id").notNull(),
  second: bigint("second", { mode: "number" }).notNull(),
  samples: bigint("samples", { mode: "number" }).notNull(),
  sum: doublePrecision("sum"),
  low: doublePrecision("low"),
  high: doublePrecision("high"),
  last: doublePrecision("last"),
  bins: smallint("bins").array(),
  counts: bigint("counts", { mode: "number" }).array(),
  p50: smallint("p50"),
  p95: smallint("p95"),
  p99: smallint("p99"),
});

export const metricFolds = pgTable("metric_folds", {
  resolution: smallint("resolution").primaryKey(),
  second: bigint("second", { mode: "number" }).notNull(),
});

export const metricCoverage = pgTable("metric_coverage", {
  source: text("source").primaryKey(),
  sinceUs: bigint("since_us", { mode: "bigint" }).notNull(),
});
