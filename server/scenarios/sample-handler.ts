import { randomUUID } from "node:crypto";
import type { SqlTx } from "#drizzle/db.ts";
import { addToTotal, recordEffect } from "#drizzle/queries/scenarios.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { decideFault, type FaultDecision, seededRandom } from "#server/domain/fault-injection.ts";
import { causedBy, completeEvent } from "#server/domain/new-event.ts";
import { NonRetryableError } from "#server/domain/retry-policy.ts";
import { pause } from "#server/platform/clock.ts";
import type { Context } from "#server/platform/context.ts";
import type { Handler } from "../bus/handlers.ts";
import { publish } from "../bus/publish.ts";
import type { FaultBoard } from "./fault-board.ts";
import { type SampleMessage, type SampleService, type SampleWork, sourceOf } from "./scenario.ts";

/**
 * A service of a sample system as a consumer on the bus. It has a database of its own, so its work is one transaction
 * of its own, and it must bear being told twice. No connection is held while it works slowly or hangs.
 */
export function sampleHandler(
  ctx: Pick<Context, "sql" | "clock">,
  board: FaultBoard,
  { scenario, service }: { scenario: string; service: SampleService },
): Handler {
  return {
    ...(service.reads === undefined ? {} : { reads: service.reads }),
    transaction: "none",
    handle: async (event, { position, attempt, signal }) => {
      const message = readMessage(event);
      const fault = await board.find(scenario, service.name);
      const random = seededRandom(`${position}/${service.name}/${attempt}`);
      const decision = decideFault(fault, keysOf(message), random);
      await pause(service.workMs + decision.delayMs, signal);
      if (decision.failure !== null) await fail(decision.failure, signal);
      for (let time = 0; time < decision.times; time += 1) {
        signal.throwIfAborted();
        await ctx.sql.begin(async (tx) => {
          const { losesReply } = decision;
          await service.serve(message, workOf(tx, ctx, { scenario, service, message, losesReply }));
        });
      }
    },
  };
}

/** What a service can do with a message within a transaction; where `losesReply`, what it says gets lost. */
export function workOf(
  tx: SqlTx,
  { clock }: Pick<Context, "clock">,
  {
    scenario,
    service,
    message: { event, key },
    losesReply,
  }: { scenario: string; service: SampleService; message: SampleMessage; losesReply: boolean },
): SampleWork {
  const send = async (kind: "integration" | "command", type: string, data: object) => {
    if (losesReply) return;
    const answer = causedBy(event, {
      type,
      source: sourceOf(scenario, service.name),
      kind,
      subject: key,
      partitionKey: event.partitionKey,
      dataContentType: "application/json",
      extensions: { scenario },
      data: { encoding: "json", text: JSON.stringify(data) },
    });
    await publish(tx, completeEvent(answer, { id: randomUUID(), time: clock.now().toISOString() }));
  };
  return {
    once: (effect) => recordEffect(tx, { scenario, effect: `${service.name}/${effect}`, key }),
    add: (name, amount) => addToTotal(tx, { scenario, name: `${service.name}/${name}`, amount }),
    emit: (type, data) => send("integration", type, data),
    tell: (type, data) => send("command", type, data),
  };
}

async function fail(
  { kind, message }: NonNullable<FaultDecision["failure"]>,
  signal: AbortSignal,
): Promise<never> {
  if (kind === "timeout") await hang(signal);
  throw kind === "final" ? new NonRetryableError(message) : new Error(message);
}

/** Until the bus has enough of it. */
function hang(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function readMessage(event: EventEnvelope): SampleMessage {
  const data: unknown = event.data.encoding === "json" ? JSON.parse(event.data.text) : null;
  const isObject = typeof data === "object" && data !== null;
  return { type: event.type, key: event.subject ?? event.id, data: isObject ? { ...data } : {}, event };
}

/** What a message may be poisoned by. */
export function keysOf({ key, data, event }: SampleMessage): string[] {
  return [key, event.partitionKey, data.customerId].filter((one) => typeof one === "string");
}
