import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { orderProcess } from "#server/domain/processes/testing/order-process.ts";
import { relayOutboxOnce } from "../bus/relay-outbox.ts";
import { openTestBus, until } from "../bus/testing/open-bus.ts";
import { listProcesses } from "./list-processes.ts";
import { getRun, listRuns } from "./list-runs.ts";
import { passDeadlineOnce } from "./pass-deadlines.ts";
import { resolveCompensation } from "./resolve-compensation.ts";
import { registerMediator, subscribeMediator } from "./start-mediator.ts";
import { COMMANDS, listEffects, makeEffects, registerServices, SERVICE } from "./testing/order-services.ts";

const NAME = "order-fulfilment";
const json = (value: unknown) => ({ encoding: "json", text: JSON.stringify(value) }) as const;

let system: Awaited<ReturnType<typeof openTestBus>>;
let isRelaying = true;
let relaying: Promise<void>;
beforeAll(async () => {
  system = await openTestBus();
  const { ctx } = system;
  await makeEffects(system.sql);
  const definition = orderProcess({ timeoutMs: 60_000, onCompensationFailure: "wait" });
  registerMediator(ctx, definition);
  registerServices(system.handlers);
  await subscribeMediator(ctx, definition);
  await system.startBus();
  relaying = (async () => {
    while (isRelaying) {
      await relayOutboxOnce(ctx);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
});
afterEach(async () => {
  await system.ctx.sql`update subscriptions set deleted_at = now() where consumer = ${SERVICE}`;
});
afterAll(async () => {
  isRelaying = false;
  await relaying;
  await system.close();
});

const serve = (commands = COMMANDS) =>
  system.subscribe(SERVICE, { filters: [{ any: commands.map((type) => ({ exact: { type } })) }] });

async function confirm(orderId: string, id = `confirmed-${orderId}`): Promise<void> {
  await system.append([
    {
      id,
      type: "order.confirmed",
      source: "/shop",
      partitionKey: orderId,
      correlationId: `flow-${orderId}`,
      dataContentType: "application/json",
      data: json({ orderId, amount: 5 }),
    },
  ]);
}

async function runOf(key: string) {
  const { runs } = await listRuns(system.ctx, NAME, { key, limit: 10 });
  return runs[0] ?? null;
}

async function endOf(key: string) {
  await until(async () => (await runOf(key))?.endedAt != null);
  const run = await runOf(key);
  if (run === null) throw new Error(`There is no run of ${key}.`);
  return getRun(system.ctx, run.id);
}

/** The command that a run has sent, once it stands in the log. */
async function commandOf(key: string, type: string): Promise<string> {
  let id: string | undefined;
  await until(async () => {
    const rows = await system.sql<{ id: string }[]>`
      select events.id from events join interned_names on interned_names.id = type_id
      where name = ${type} and partition_key = ${key}`;
    id = rows[0]?.id;
    return id !== undefined;
  });
  return id ?? "";
}

async function answer(key: string, causationId: string, id: string, type: string, data: object = {}) {
  const event = { id, type, source: "/services", partitionKey: key, causationId };
  await system.append([
    { ...event, correlationId: `flow-${key}`, dataContentType: "application/json", data: json(data) },
  ]);
}

describe("The mediator", () => {
  test("runs a process to its end, with each command sent once and the last word in its flow", async () => {
    await serve();
    await confirm("whole");
    const run = await endOf("whole");
    expect(run).toMatchObject({ status: "completed", correlationId: "flow-whole", incidents: [] });
    expect(run.transitions.map(({ kind }) => kind).at(-1)).toBe("process.completed");
    expect(run.transitions.filter(({ causePosition }) => causePosition === null)).toEqual([]);
    expect(await listEffects(system.sql, "whole")).toEqual({
      "inventory.reserve": 1,
      "mail.send": 1,
      "points.add": 1,
      "shipping.ship": 1,
    });
    const sent = await system.sql`
      select events.id from events where correlation_id = 'flow-whole' and source_id in (
        select id from interned_names where name = '/mediators/order-fulfilment')`;
    await until(async () => {
      const words = await system.sql`
        select from events join interned_names on interned_names.id = type_id
        where name = 'order.fulfilled' and correlation_id = 'flow-whole'`;
      return words.length === 1;
    });
    expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length);
  });

  test("begins one process in a flow, however often it is told to", async () => {
    await serve();
    await Promise.all(["a", "b", "c"].map((copy) => confirm("once", `confirmed-once-${copy}`)));
    await endOf("once");
    const { runs } = await listRuns(system.ctx, NAME, { key: "once", limit: 10 });
    expect(runs).toHaveLength(1);
    expect(await listEffects(system.sql, "once")).toMatchObject({ "shipping.ship": 1 });
  });

  test("takes two replies at once one after the other, and each once", async () => {
    await serve(["inventory.reserve", "shipping.ship"]);
    await confirm("race");
    const mail = await commandOf("race", "mail.send");
    const points = await commandOf("race", "points.add");
    await Promise.all([
      ...["m1", "m2", "m3"].map((id) => answer("race", mail, id, "mail.sent")),
      ...["p1", "p2", "p3"].map((id) => answer("race", points, id, "points.added")),
    ]);
    const run = await endOf("race");
    expect(run.status).toBe("completed");
    const kinds = run.transitions.map(({ kind, step }) => `${step} ${kind}`);
    for (const step of ["mail", "points", "shipping"]) {
      expect(kinds.filter((one) => one === `${step} step.completed`)).toHaveLength(1);
    }
    expect(await listEffects(system.sql, "race")).toMatchObject({ "shipping.ship": 1 });
  });

  test("ignores replies of flows that it does not run, and those that come after the end", async () => {
    await serve();
    await confirm("over");
    const before = await endOf("over");
    await answer("over", `${before.id}/mail/do/1`, "late", "mail.sent");
    await answer("nobody", "unknown", "stray", "mail.sent");
    await confirm("later");
    await endOf("later");
    expect(await getRun(system.ctx, before.id)).toEqual(before);
  });

  test("takes back what was done, the last first, when a step is refused", async () => {
    await serve();
    await confirm("refuse-1");
    const run = await endOf("refuse-1");
    expect(run).toMatchObject({ status: "compensated", failure: { step: "shipping" } });
    const undone = run.transitions.filter(({ kind }) => kind === "step.compensated").map(({ step }) => step);
    const done = run.transitions.filter(({ kind }) => kind === "step.completed").map(({ step }) => step);
    expect(undone).toEqual(done.toReversed().filter((step) => step !== "mail"));
  });

  test("gives up on a reply that never comes, when its time has passed for every attempt", async () => {
    await serve(["mail.send", "points.add", "shipping.ship", "inventory.release"]);
    await confirm("silent");
    await commandOf("silent", "inventory.reserve");
    const { sql, ctx } = system;
    let hours = 0;
    const clock = { ...ctx.clock, now: () => new Date(Date.now() + hours * 3_600_000) };
    for (const _due of ["time out", "send again", "time out again"]) {
      hours += 1;
      expect(await passDeadlineOnce({ sql, clock, random: () => 0 }, ctx.processes)).toBe(true);
    }
    const run = await endOf("silent");
    expect(run).toMatchObject({ status: "compensated", failure: { step: "inventory" } });
    expect(run.transitions.map(({ kind }) => kind)).toContain("step.timed-out");
    expect(await listEffects(sql, "silent")).toEqual({ "inventory.release": 1 });
    const [release] = await sql<{ causation_id: string }[]>`
      select causation_id from events where id = ${await commandOf("silent", "inventory.release")}`;
    expect(release?.causation_id).toBe(`${run.id}/inventory/do/2`);
  });

  test("raises an incident for a compensation that fails, and waits until a person decides", async () => {
    await serve(COMMANDS.filter((type) => type !== "inventory.release"));
    await confirm("refuse-2");
    const release = await commandOf("refuse-2", "inventory.release");
    await answer("refuse-2", release, "no-release", "inventory.release-refused");
    const run = await runOf("refuse-2");
    const id = run?.id ?? "";
    await until(async () => (await getRun(system.ctx, id)).incidents.length === 1);
    expect((await getRun(system.ctx, id)).incidents[0]).toMatchObject({
      step: "inventory",
      resolvedAt: null,
    });
    const listed = (await listProcesses(system.ctx)).processes[0];
    expect(listed).toMatchObject({ name: NAME, compensating: 1, openIncidents: 1 });
    expect(listed?.graph.nodes.length).toBeGreaterThan(5);

    await expect(
      resolveCompensation(system.ctx, id, { step: "mail", decision: "done" }),
    ).rejects.toMatchObject({
      code: "conflict",
    });
    const resolved = await resolveCompensation(system.ctx, id, { step: "inventory", decision: "done" });
    expect(resolved).toMatchObject({ status: "compensated", incidents: [{ resolvedBy: "test" }] });
    const audit = await system.sql`select action from audit_log where subject = ${id}`;
    expect(audit.map(({ action }) => action)).toEqual(["compensation.resolved"]);
  });
});
