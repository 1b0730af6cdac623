import { randomUUID } from "node:crypto";
import { lockKeptScenario } from "#drizzle/queries/scenarios.ts";
import { type CallSequence, callInTurn } from "#server/domain/call-sequence.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { causedBy, completeEvent } from "#server/domain/new-event.ts";
import { publish } from "../bus/publish.ts";
import { callService } from "./call-service.ts";
import type { FaultBoard } from "./fault-board.ts";
import type { WorkContext } from "./sample-work.ts";
import { type SampleCalls, type Scenario, sourceOf } from "./scenario.ts";
import { openServiceServer, type ServiceServer } from "./service-server.ts";

/** A request that a synchronous system has to answer: nothing of it is written down yet. */
export type SampleRequest = { scenario: Scenario; calls: SampleCalls; event: EventEnvelope };

/**
 * Where the callers of synchronous systems work: each request is answered when all services have done their part one
 * after the other, or when the first has failed. Nobody tries again and nothing is taken back. A request that the
 * program does not survive is lost, as it is for whoever waits in front of a program that ends.
 */
export class CallDesk {
  readonly #ctx: WorkContext;
  readonly #board: FaultBoard;
  readonly #stop = new AbortController();
  readonly #open = new Set<Promise<void>>();
  /** Opened by the first request. */
  #server: Promise<ServiceServer> | null = null;

  constructor(ctx: WorkContext, board: FaultBoard) {
    this.#ctx = ctx;
    this.#board = board;
  }

  /** Begins to answer requests, all at the same time. */
  take(requests: readonly SampleRequest[]): void {
    for (const request of requests) {
      const answering = this.#answer(request)
        .catch((error: unknown) => {
          this.#ctx.log.warn({ scenario: request.scenario.name, err: error }, "request.not-answered");
        })
        .finally(() => this.#open.delete(answering));
      this.#open.add(answering);
    }
  }

  /** Waits for the requests under way. */
  async settle(): Promise<void> {
    await Promise.all(this.#open);
  }

  /** Ends the calls under way: their requests fail, and say so. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.settle();
    await (await this.#server)?.close();
  }

  async #answer({ scenario, calls: { timeoutMs, endings }, event }: SampleRequest): Promise<void> {
    const { clock } = this.#ctx;
    const stopping = this.#stop.signal;
    this.#server ??= openServiceServer(this.#ctx, this.#board, stopping);
    const server = await this.#server;
    await this.#publish(scenario, event);
    const sequence = await callInTurn(
      scenario.services.map(({ name }) => name),
      (service) => callService(server, { scenario: scenario.name, service, event, timeoutMs, stopping }),
      clock.elapsedMs,
    );
    const answer = causedBy(event, {
      type: sequence.failed === null ? endings.answered : endings.failed,
      source: sourceOf(scenario.name, scenario.producer),
      kind: "integration",
      subject: event.subject,
      partitionKey: event.partitionKey,
      dataContentType: "application/json",
      extensions: { scenario: scenario.name },
      data: { encoding: "json", text: JSON.stringify(describeAnswer(event, sequence)) },
    });
    const defaults = { id: randomUUID(), time: clock.now().toISOString() };
    await this.#publish(scenario, completeEvent(answer, defaults));
  }

  /** Writes nothing where the system's data was removed meanwhile. */
  async #publish({ name }: Scenario, event: EventEnvelope): Promise<void> {
    await this.#ctx.sql.begin(async (tx) => {
      if (await lockKeptScenario(tx, name)) await publish(tx, event);
    });
  }
}

function describeAnswer({ subject }: EventEnvelope, { calls, responseMs, done, failed }: CallSequence) {
  return {
    orderId: subject,
    responseMs: round(responseMs),
    calls: calls.map((call) => ({ ...call, ms: round(call.ms) })),
    done,
    failed: failed === null ? null : { service: failed.service, outcome: failed.outcome },
  };
}

/** To the microsecond. */
function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
