import type { Fault, FaultChoice } from "#server/domain/fault-injection.ts";

/** The part of a fault that a choice sets; null while what it needs is missing. */
export function toFault(
  choice: FaultChoice,
  { share, latencyMs, poisonKey }: { share: number; latencyMs: number; poisonKey: string },
): Partial<Fault> | null {
  if (choice === "down") return { isDown: true };
  if (choice === "latency") return latencyMs > 0 ? { latencyMs } : null;
  if (choice === "poison") return poisonKey === "" ? null : { poisonKey };
  if (share <= 0) return null;
  if (choice === "duplicate") return { duplicateRate: share };
  if (choice === "reorder") return { reorderRate: share };
  if (choice === "lostReply") return { lostReplyRate: share };
  return { failureRate: share, errorKind: choice };
}
