import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parkStored } from "#drizzle/testing/letters.ts";
import { relayOutboxOnce } from "#server/bus/relay-outbox.ts";
import { until } from "#server/bus/testing/open-bus.ts";
import type { ProcessTraceDto } from "#server/contract/processes.ts";
import { orderProcess } from "#server/domain/processes/testing/order-process.ts";
import { registerMediator, subscribeMediator } from "#server/mediator/start-mediator.ts";
import type { ActingTask } from "#server/mediator/testing/acting-worker.ts";
import {
  COMMANDS,
  listEffects,
  makeEffects,
  registerServices,
  SERVICE,
} from "#server/mediator/testing/order-services.ts";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

const WORKER = fileURLToPath(new URL("../../mediator/testing/acting-worker.ts", import.meta.url));
const NAME = "order-fulfilment";
const AIKO = { "nagare-actor": "Aiko" };

let api: TestApi;
let isRelaying = true;
let relaying: Promise<void>;
beforeAll(async () => {
  api = await openTestApi();
  await makeEffects(api.sql);
  const definition = orderProcess({ timeoutMs: 600_000, onStepFailure: "wait" });
  registerMediator(api.ctx, definition);
  registerServices(api.handlers);
  await subscribeMediator(api.ctx, definition);
  await api.startBus();
  relaying = (async () => {
    while (isRelaying) {
      await relayOutboxOnce(api.ctx);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
});
afterEach(async () => {
  await api.sql`update subscriptions set deleted_at = now() where consumer = ${SERVICE}`;
});
afterAll(async () => {
  isRelaying = false;
  await relaying;
  await api.close();
});

const serve = (commands = COMMANDS, startFrom: "beginning" | "now" = "beginning") =>
  api.subscribe(SERVICE, {
    startFrom,
    filters: [{ any: commands.map((type) => ({ exact: { type } })) }],
  });
const without = (...away: string[]) => COMMANDS.filter((type) => !away.includes(type));

/** Confirms an order and waits until its run stands so. */
async function runUntil(
  orderId: string,
  stands: (run: ProcessTraceDto) => boolean,
): Promise<ProcessTraceDto> {
  await append(orderId, { type: "order.confirmed", source: "/shop" });
  return waitFor(orderId, stands);
}

async function append(orderId: string, event: { type: string; source: string; causationId?: string }) {
  await api.append([
    {
      ...event,
      partitionKey: orderId,
      correlationId: `flow-${orderId}`,
      dataContentType: "application/json",
      data: { encoding: "json", text: JSON.stringify({ orderId, amount: 5 }) },
    },
  ]);
}

async function waitFor(orderId: string, stands: (run: ProcessTraceDto) => boolean): Promise<ProcessTraceDto> {
  let run: ProcessTraceDto | undefined;
  await until(async () => {
    run = await find(orderId);
    return run !== undefined && stands(run);
  });
  if (run === undefined) throw new Error(`There is no run of ${orderId}.`);
  return run;
}

async function find(orderId: string): Promise<ProcessTraceDto | undefined> {
  const { body } = await api.ask("GET", `/api/v1/process-runs?correlationid=flow-${orderId}`);
  return body.runs[0];
}

const act = ({ id }: { id: string }, body: object, headers: Record<string, string> = AIKO) =>
  api.ask("POST", `/api/v1/processes/${NAME}/runs/${id}/actions`, body, headers);
const isAt = (step: string, status: string) => (run: ProcessTraceDto) =>
  run.steps.some((one) => one.name === step && one.status === status);
const isEnded = (run: ProcessTraceDto) => run.endedAt !== null;
const auditOf = ({ id }: { id: string }) =>
  api.sql<{ actor: string; action: string; details: Record<string, unknown> }[]>`
    select actor, action, details from audit_log where subject = ${id} order by id`;
const sentIn = (orderId: string, type: string) => api.sql<
  { id: string; extensions: Record<string, string> }[]
>`
  select events.id, extensions from events join interned_names on interned_names.id = type_id
  where name = ${type} and partition_key = ${orderId} order by position`;

describe("An action on a run", () => {
  test("says what it would do, is done once however often it is sent, and is told with who and why", async () => {
    await serve(without("inventory.reserve"));
    const run = await runUntil("retried", isAt("inventory", "waiting"));
    expect(run.actions.map(({ action, refusal }) => [action, refusal])).toEqual([
      ["retry", null],
      ["skip", null],
      ["compensate", null],
      ["cancel", null],
    ]);
    const dry = await act(run, { action: "retry", dryRun: true });
    expect(dry.body).toMatchObject({
      kind: "preview",
      version: run.version,
      preview: {
        commands: [{ type: "inventory.reserve", attempt: 2, retriesLeft: 1 }],
        warnings: [{ code: "may-be-done" }],
      },
      letters: [],
    });
    expect(await find("retried")).toEqual(run);
    await until(async () => (await sentIn("retried", "inventory.reserve")).length > 0);
    const [sentFirst] = await sentIn("retried", "inventory.reserve");
    await api.sql`
      insert into dead_letters (position, subscription_id, generation, type_id, source_id, event_id, correlation_id,
        message, attempts, first_died_at, died_at)
      select position, (select min(id) from subscriptions), 0, type_id, source_id, id, correlation_id, 'Failed', 3, now(),
        now()
      from events where id = ${sentFirst?.id ?? ""}`;
    await parkStored(api.sql);
    const { body: again } = await act(run, { action: "retry", dryRun: true });
    expect(again.letters).toEqual([
      { position: expect.any(String), consumer: expect.any(String), status: "parked" },
    ]);
    await api.sql`truncate dead_letters, unresolved_letters`;

    await serve(COMMANDS, "now");
    const asked = { action: "retry", reason: "Inventory is back", expectedVersion: run.version };
    const answers = await Promise.all([act(run, asked), act(run, asked), act(run, asked)]);
    expect(answers.map(({ body }) => body.kind).toSorted()).toEqual(["done", "repeated", "repeated"]);
    const ended = await waitFor("retried", isEnded);
    expect(ended.status).toBe("completed");
    const sent = await sentIn("retried", "inventory.reserve");
    expect(sent.map(({ id }) => id.split("/").at(-1))).toEqual(["1", "2"]);
    expect(new Set(sent.map(({ extensions }) => extensions.idempotencykey)).size).toBe(1);
    expect(ended.transitions.filter(({ actor }) => actor !== null)).toMatchObject([
      { kind: "step.retried", step: "inventory", detail: "Inventory is back", actor: "Aiko" },
      { kind: "step.commanded", step: "inventory", attempt: 2, actor: "Aiko" },
    ]);
    expect(await auditOf(run)).toMatchObject([
      {
        actor: "Aiko",
        action: "process-step.retried",
        details: { step: "inventory", reason: "Inventory is back", version: run.version },
      },
    ]);
    expect((await act(run, asked)).body).toMatchObject({ kind: "repeated", run: { status: "completed" } });
  });

  test("is refused when the run has moved on since it was decided, whoever was first", async () => {
    await serve(without("inventory.reserve"));
    const run = await runUntil("raced", isAt("inventory", "waiting"));
    const expectedVersion = run.version;
    const answers = await Promise.all([
      act(run, { action: "cancel", reason: "Not wanted", expectedVersion }),
      act(run, { action: "cancel", reason: "Not wanted", expectedVersion }, { "nagare-actor": "Ben" }),
      act(run, { action: "retry", expectedVersion }),
    ]);
    const lost = answers.filter(({ status }) => status === 409);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(lost).toHaveLength(2);
    const after = await find("raced");
    for (const { body } of lost) {
      expect(body).toMatchObject({ code: "version-conflict", actualVersion: after?.version });
    }
    expect(await auditOf(run)).toHaveLength(1);
  });

  test("is refused with a reason when it is wrong, and changes nothing", async () => {
    await serve(without("inventory.reserve"));
    const run = await runUntil("wrong", isAt("inventory", "waiting"));
    const { version: expectedVersion } = run;
    const given = { reason: "Why", expectedVersion };
    for (const [body, status, code] of [
      [{ action: "skip", ...given }, 400, "reply-needed"],
      [{ action: "skip", reply: { reservationId: 7 }, ...given }, 400, "reply-invalid"],
      [{ action: "skip", step: "mail", ...given }, 409, "step-not-open"],
      [{ action: "cancel", expectedVersion }, 400, "invalid"],
      [{ action: "cancel", reason: "Why" }, 400, "invalid"],
      [{ action: "cancel", reply: {}, ...given }, 400, "invalid"],
      [{ action: "explode", ...given }, 400, "invalid"],
    ] as const) {
      expect(await act(run, body)).toMatchObject({ status, body: { status, code } });
    }
    const elsewhere = `/api/v1/processes/other/runs/${run.id}/actions`;
    expect((await api.ask("POST", elsewhere, { action: "cancel", dryRun: true })).status).toBe(404);
    expect(await find("wrong")).toEqual(run);
    expect(await auditOf(run)).toEqual([]);
  });

  test("skips a step with the reply that later steps are made from", async () => {
    await serve(without("inventory.reserve"));
    const run = await runUntil("skipped", isAt("inventory", "waiting"));
    const asked = { action: "skip", reply: { reservationId: "by-phone" }, reason: "Reserved by phone" };
    expect((await act(run, { ...asked, expectedVersion: run.version })).status).toBe(200);
    const ended = await waitFor("skipped", isEnded);
    expect(ended.status).toBe("completed");
    expect(ended.steps.find(({ name }) => name === "inventory")?.status).toBe("skipped");
    expect(await listEffects(api.sql, "skipped")).toMatchObject({ "shipping.ship": 1 });
    expect(await auditOf(run)).toMatchObject([{ action: "process-step.skipped", details: asked }]);
  });

  test("takes back what was done, the last first, and ends the incident", async () => {
    await serve();
    const run = await runUntil("refuse-back", isAt("shipping", "failed"));
    expect(run).toMatchObject({ status: "running", incidents: [{ step: "shipping", resolvedAt: null }] });
    const asked = { action: "compensate", reason: "No such address", expectedVersion: run.version };
    expect((await act(run, asked)).body).toMatchObject({
      kind: "done",
      preview: { compensations: [{ step: "points" }, { step: "inventory" }], staysDone: [{ step: "mail" }] },
    });
    const ended = await waitFor("refuse-back", isEnded);
    expect(ended).toMatchObject({ status: "compensated", incidents: [{ resolvedBy: "Aiko" }] });
    expect(
      ended.transitions.filter(({ kind }) => kind === "step.compensated").map(({ step }) => step),
    ).toEqual(["points", "inventory"]);
    await until(async () => (await sentIn("refuse-back", "order.cancelled")).length === 1);
  });

  test("ends a run for good: a reply that comes later changes nothing", async () => {
    await serve(without("mail.send"));
    const run = await runUntil("ended", isAt("points", "completed"));
    const asked = { action: "cancel", reason: "Not wanted any more", expectedVersion: run.version };
    const { body } = await act(run, asked);
    expect(body).toMatchObject({
      preview: { staysDone: [{ step: "inventory" }, { step: "mail", isCertain: false }, { step: "points" }] },
      run: { status: "cancelled", actions: Array(4).fill({ refusal: "ended" }) },
    });
    await append("ended", { type: "mail.sent", source: "/services", causationId: `${run.id}/mail/do/1` });
    await serve(COMMANDS, "now");
    await runUntil("after", isEnded);
    expect(await find("ended")).toEqual(body.run);
    const listed = await api.ask("GET", `/api/v1/processes/${NAME}/runs?status=cancelled&key=ended`);
    expect(listed.body.runs).toHaveLength(1);
  });

  test("is done whole or not at all by a server that is killed, and can be sent again", async () => {
    await serve(without("inventory.reserve"));
    const run = await runUntil("killed", isAt("inventory", "waiting"));
    const input = {
      action: "retry" as const,
      newKey: false,
      dryRun: false,
      reason: "Once more",
      expectedVersion: run.version,
    };
    const killed = async (dies: ActingTask["dies"]) => {
      const task: ActingTask = {
        databaseUrl: api.database.url,
        actor: "Aiko",
        name: NAME,
        id: run.id,
        input,
        dies,
      };
      const worker = spawn(process.execPath, [WORKER, JSON.stringify(task)], { stdio: "inherit" });
      expect(await once(worker, "exit")).toEqual([null, "SIGKILL"]);
    };
    await killed("between-writes");
    expect(await find("killed")).toEqual(run);
    expect(await auditOf(run)).toEqual([]);

    await killed("before-answer");
    expect((await act(run, input)).body.kind).toBe("repeated");
    expect(await auditOf(run)).toHaveLength(1);
    await serve(COMMANDS, "now");
    await until(async () => (await sentIn("killed", "inventory.reserve")).length === 2);
    expect((await act(run, { ...input, reason: "Another" })).status).toBe(409);
  });
});
