import type { EventEnvelope } from "#server/domain/event.ts";
import { decideFault, type FaultDecision, seededRandom } from "#server/domain/fault-injection.ts";
import { NonRetryableError } from "#server/domain/retry-policy.ts";
import { pause } from "#server/platform/clock.ts";
import type { PlainHandlerContext } from "../bus/handlers.ts";
import type { FaultBoard } from "./fault-board.ts";
import type { SampleMessage } from "./scenario.ts";

/** What a fault is looked up by, and how long the work takes when all is well, milliseconds. */
export type Disturbed = { scenario: string; part: string; workMs: number };

/** What becomes of this attempt, as long as the fault is the same. */
export async function decideAttempt(
  board: FaultBoard,
  { scenario, part }: Pick<Disturbed, "scenario" | "part">,
  message: SampleMessage,
  { position, attempt }: Pick<PlainHandlerContext, "position" | "attempt">,
): Promise<FaultDecision> {
  const fault = await board.find(scenario, part);
  return decideFault(fault, keysOf(message), seededRandom(`${position}/${part}/${attempt}`));
}

/** Takes its time, and fails where that was decided. No connection may be held meanwhile. */
export async function disturb(
  { delayMs, failure }: FaultDecision,
  { workMs }: Pick<Disturbed, "workMs">,
  { signal }: Pick<PlainHandlerContext, "signal">,
): Promise<void> {
  await pause(workMs + delayMs, signal);
  if (failure === null) return;
  if (failure.kind === "timeout") await hang(signal);
  throw failure.kind === "final" ? new NonRetryableError(failure.message) : new Error(failure.message);
}

export function readMessage(event: EventEnvelope): SampleMessage {
  const data: unknown = event.data.encoding === "json" ? JSON.parse(event.data.text) : null;
  const isObject = typeof data === "object" && data !== null;
  return { type: event.type, key: event.subject ?? event.id, data: isObject ? { ...data } : {}, event };
}

/** Until the bus has enough of it. */
function hang(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** What a message may be poisoned by. */
export function keysOf({ key, data, event }: SampleMessage): string[] {
  return [key, event.partitionKey, data.customerId].filter((one) => typeof one === "string");
}
