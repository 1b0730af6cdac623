import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { lockKeptScenario } from "#drizzle/queries/scenarios.ts";
import { decideFault, type FaultDecision, seededRandom } from "#server/domain/fault-injection.ts";
import { pause } from "#server/platform/clock.ts";
import { keysOf } from "./disturb.ts";
import type { FaultBoard } from "./fault-board.ts";
import { getScenario, getService } from "./registry.ts";
import { type WorkContext, workOf } from "./sample-work.ts";
import type { SampleMessage, SampleService } from "./scenario.ts";

export type ServiceServer = {
  origin: string;
  /** Nobody else on this machine may call the services. */
  token: string;
  close: () => Promise<void>;
};

/**
 * The services of synchronous systems, at `POST /<system>/<service>` on this machine. A service does its work whether or
 * not its caller still waits: who hangs up does not know what was done.
 */
export async function openServiceServer(
  ctx: WorkContext,
  board: FaultBoard,
  stopping: AbortSignal,
): Promise<ServiceServer> {
  const token = randomUUID();
  const serving = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) return void response.writeHead(401).end();
    const work = serveCall(ctx, board, { request, response, stopping })
      .catch((error: unknown) => {
        ctx.log.warn({ path: request.url, err: error }, "call.broken");
        response.destroy();
      })
      .finally(() => serving.delete(work));
    serving.add(work);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The services have no port.");
  return {
    token,
    origin: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await Promise.all(serving);
    },
  };
}

type Exchange = { request: IncomingMessage; response: ServerResponse; stopping: AbortSignal };

async function serveCall(
  ctx: WorkContext,
  board: FaultBoard,
  { request, response, stopping }: Exchange,
): Promise<void> {
  const [, scenario = "", name = ""] = (request.url ?? "").split("/");
  const service = getService(getScenario(scenario), name);
  const message = readCall(service, request.headers, await text(request));
  const fault = await board.find(scenario, name);
  const decision = decideFault(fault, keysOf(message), seededRandom(`${message.event.id}/${name}`));
  if (fault.isDown) return void response.destroy();
  await pause(service.workMs + decision.delayMs, stopping);
  if (stopping.aborted) return void response.destroy();
  if (decision.failure !== null) return refuse(response, decision.failure);
  for (let time = 0; time < decision.times; time += 1) {
    await ctx.sql.begin(async (tx) => {
      if (!(await lockKeptScenario(tx, scenario))) return;
      const working = { scenario, service: name, message, isSilent: false, keep: () => Promise.resolve() };
      await service.serve(message, workOf(tx, ctx, working));
    });
  }
  if (!decision.losesReply) response.writeHead(204, { connection: "close" }).end();
}

/** A service that hangs says nothing: the connection stays open until the caller has enough of it. */
function refuse(response: ServerResponse, { kind, message }: NonNullable<FaultDecision["failure"]>): void {
  if (kind === "timeout") return;
  response.writeHead(kind === "final" ? 422 : 503, { connection: "close" }).end(message);
}

function readCall(service: SampleService, headers: IncomingMessage["headers"], body: string): SampleMessage {
  const header = (name: string) => String(headers[name] ?? "");
  const data: unknown = JSON.parse(body);
  return {
    type: service.takes[0] ?? service.name,
    key: header("idempotency-key"),
    data: typeof data === "object" && data !== null ? { ...data } : {},
    event: {
      id: header("x-causation-id"),
      correlationId: header("x-correlation-id"),
      partitionKey: header("x-partition-key"),
    },
  };
}
