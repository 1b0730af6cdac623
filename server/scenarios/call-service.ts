import type { CallOutcome } from "#server/domain/call-sequence.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import type { ServiceServer } from "./service-server.ts";

type CallRequest = {
  scenario: string;
  service: string;
  /** What the call is made for. */
  event: EventEnvelope;
  timeoutMs: number;
  stopping: AbortSignal;
};

/** Asks a service to do its part and waits for the answer, for so long. */
export async function callService(
  { origin, token }: Pick<ServiceServer, "origin" | "token">,
  { scenario, service, event, timeoutMs, stopping }: CallRequest,
): Promise<CallOutcome> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const { status } = await fetch(`${origin}/${scenario}/${service}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "idempotency-key": event.subject ?? event.id,
        "x-correlation-id": event.correlationId ?? event.id,
        "x-causation-id": event.id,
        "x-partition-key": event.partitionKey ?? "",
      },
      body: event.data.encoding === "json" ? event.data.text : "null",
      signal: AbortSignal.any([timeout, stopping]),
    });
    if (status < 300) return "answered";
    return status < 500 ? "refused" : "busy";
  } catch {
    return timeout.aborted ? "timed-out" : "unreachable";
  }
}
