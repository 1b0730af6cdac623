import { z } from "zod";
import type { MuteValues } from "#drizzle/queries/alert-rules.ts";
import type { AlertRow, AlertValues } from "#drizzle/queries/alerts.ts";
import type { AlertLife } from "#server/domain/alerts/alert-life.ts";

const changesSchema = z.array(z.number());

/** The life of an alert as it is stored. */
export function lifeOf(row: AlertRow): AlertLife {
  return {
    state: row.state,
    holds: row.holds,
    beganAtMs: Date.parse(row.began_at),
    heldMs: Number(row.held_ms),
    seenAtMs: Date.parse(row.seen_at),
    firedAtMs: row.fired_at === null ? null : Date.parse(row.fired_at),
    resolvedAtMs: row.resolved_at === null ? null : Date.parse(row.resolved_at),
    isAcknowledged: row.acknowledged_at !== null,
    changesMs: changesSchema.parse(row.changes),
    value: row.value,
    worst: row.worst,
    told: row.told,
  };
}

/** The same for storing. Who has taken an alert is stored with their name. */
export function valuesOf(life: AlertLife): AlertValues {
  return {
    state: life.state,
    holds: life.holds,
    began_at: momentOf(life.beganAtMs),
    held_ms: Math.round(life.heldMs),
    seen_at: momentOf(life.seenAtMs),
    fired_at: life.firedAtMs === null ? null : momentOf(life.firedAtMs),
    resolved_at: life.resolvedAtMs === null ? null : momentOf(life.resolvedAtMs),
    changes: life.changesMs,
    value: life.value,
    worst: life.worst,
    told: life.told,
  };
}

type MuteColumns = { muted_until: string | null; mute_reason: string | null; muted_by: string | null };

/** Who is not told anything until when; null where the mute has ended. */
export function muteOf(row: MuteColumns, nowMs: number): MuteValues {
  const { muted_until: until, mute_reason: reason, muted_by: by } = row;
  if (until === null || Date.parse(until) <= nowMs) return null;
  return { until: new Date(until).toISOString(), reason: reason ?? "", by: by ?? "" };
}

export function momentOf(ms: number): string {
  return new Date(ms).toISOString();
}
