import { Parser } from "@asyncapi/parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TopologyDto } from "#server/contract/topology.ts";
import { countEventsOnce } from "../metrics/count-events.ts";
import { countTopologyOnce } from "../topology/count-topology.ts";
import { exportTopology } from "../topology/export-topology.ts";
import { getFindings } from "../topology/get-findings.ts";
import { getTopology } from "../topology/get-topology.ts";
import { getVerdicts } from "../topology/get-verdicts.ts";
import { observeFlowsOnce } from "../topology/observe-flows.ts";
import { removeScenarioData } from "./remove-data.ts";
import { setOptionalService } from "./set-optional-service.ts";
import { startScenario, stopScenario } from "./start-scenario.ts";
import { openScenarios, type TestScenarios, until } from "./testing/open-scenarios.ts";

/** As many flows as one round chooses of those that begin alike. */
const ORDERS = 10;
const SOURCE = "service:/samples";

let system: TestScenarios;
beforeAll(async () => {
  system = await openScenarios();
  await system.start("orders-broker");
  await system.start("orders-mediator");
  for (let n = 0; n < ORDERS; n += 1) {
    await system.order("orders-broker", "order.confirmed", { orderId: `b-${n}`, address: "1 River Street" });
    await system.order("orders-mediator", "order.confirmed", {
      orderId: `m-${n}`,
      address: "1 River Street",
    });
  }
  for (let n = 0; n < ORDERS; n += 1) {
    await until(async () => (await system.flow(`b-${n}`)).includes("order.shipped"), 120_000);
    await until(async () => (await system.flow(`m-${n}`)).includes("order.fulfilled"), 120_000);
  }
  await catchUp();
}, 300_000);
afterAll(() => system.close());

/** Counts and examines all that there is, as if it had long come to rest. */
async function catchUp(): Promise<void> {
  const { ctx, sql } = system;
  while (await countTopologyOnce(ctx));
  while (await countEventsOnce(ctx));
  await system.countAttempts();
  const later = { ...ctx, clock: { ...ctx.clock, now: () => new Date(Date.now() + 600_000) } };
  for (let left = 1; left > 0; ) {
    await sql`update flow_candidates set look_at = now()`;
    await observeFlowsOnce(later);
    left = (await sql`select from flow_candidates`).length;
  }
}

const nodeOf = ({ nodes }: TopologyDto, id: string) => nodes.find((node) => node.id === id);
const edgesOf = ({ edges }: TopologyDto, kind: string) =>
  edges.filter((edge) => edge.kind === kind).map(({ from, to }) => `${from} > ${to}`);

describe("The sample systems of orders", () => {
  test("are called what they are: one is run by a broker, the other by a mediator", async () => {
    const { flowTypes, whole, flows } = await getVerdicts(system.ctx, {});
    const verdicts = flowTypes.map(({ startedBy, type, judgement, group }) => [
      startedBy,
      type,
      judgement.verdict,
      judgement.flows,
      group,
    ]);
    expect(verdicts.toSorted()).toEqual([
      [`${SOURCE}/orders-broker/shop`, "order.confirmed", "broker", ORDERS, "orders-broker"],
      [`${SOURCE}/orders-mediator/shop`, "order.confirmed", "mediator", ORDERS, "orders-mediator"],
    ]);
    expect(whole.verdict).toBe("mixed");
    expect(flows).toEqual({ seen: 2 * ORDERS, examined: 2 * ORDERS });
    const mediated = flowTypes.find(({ judgement }) => judgement.verdict === "mediator");
    expect(mediated?.mediations.map(({ node }) => node)).toEqual(["service:orders-mediator.mediator"]);
    const stages = mediated?.mediations[0]?.stages.map(({ steps }) =>
      steps.map(({ command }) => command).toSorted(),
    );
    expect(stages).toEqual([
      ["payment.charge"],
      ["inventory.reserve"],
      ["mail.send", "points.credit"],
      ["shipping.ship"],
    ]);
    expect(mediated?.examples.length).toBeGreaterThan(0);
  });

  test("have one node for each service, known by what was seen of it", async () => {
    const graph = await getTopology(system.ctx, {});
    expect(nodeOf(graph, "service:orders-broker.inventory")).toMatchObject({
      kind: "service",
      label: "inventory",
      group: "orders-broker",
      sources: ["/samples/orders-broker/inventory"],
      consumers: ["orders-broker.inventory"],
      published: ORDERS,
      received: { count: ORDERS, failed: 0 },
    });
    expect(nodeOf(graph, "service:orders-mediator.mediator")).toMatchObject({ kind: "mediator" });
    expect(nodeOf(graph, "service:orders-broker.mail")).toMatchObject({ kind: "consumer" });
    expect(nodeOf(graph, `${SOURCE}/orders-broker/shop`)).toMatchObject({ kind: "producer" });
    expect(edgesOf(graph, "publishes")).toContain(
      "service:orders-broker.inventory > channel:orders-broker.stock",
    );
    expect(edgesOf(graph, "subscribes")).toContain(
      "channel:orders-broker.stock > service:orders-broker.shipping",
    );
    // What comes from one shop does not come from the other, though both say the same.
    expect(edgesOf(graph, "subscribes")).not.toContain(
      "channel:orders-broker.orders > service:orders-mediator.mediator",
    );
    expect(edgesOf(graph, "commands")).toContain(
      "service:orders-mediator.mediator > service:orders-mediator.payment",
    );
    expect(edgesOf(graph, "replies")).toContain(
      "service:orders-mediator.payment > service:orders-mediator.mediator",
    );
  });

  test("are shown each by itself, with what belongs to its flows alone", async () => {
    const flowType = JSON.stringify([`${SOURCE}/orders-broker/shop`, "order.confirmed"]);
    const graph = await getTopology(system.ctx, { flowType });
    expect(graph.flows).toEqual({ seen: ORDERS, examined: ORDERS });
    expect(new Set(graph.nodes.map(({ group }) => group))).toEqual(new Set(["orders-broker"]));
    expect(nodeOf(graph, "service:orders-broker.inventory")).toMatchObject({
      published: ORDERS,
      received: { count: ORDERS },
    });
    await expect(
      getTopology(system.ctx, { flowType: '["service:nobody","order.confirmed"]' }),
    ).rejects.toMatchObject({
      code: "not-found",
    });
  });

  test("tell that nobody takes what is shipped", async () => {
    const { findings } = await getFindings(system.ctx, {});
    const unheard = findings.find(
      ({ id }) => id === "nobody-consumes:service:orders-broker.shipping:order.shipped",
    );
    expect(unheard).toMatchObject({ severity: "note", numbers: { events: ORDERS } });
    expect(unheard?.flows.length).toBeGreaterThan(0);
    expect(unheard?.edges.length).toBe(1);
    expect(findings.map(({ kind }) => kind)).not.toContain("missing-correlation");
  });

  test("are exported as a document that the official parser takes", { timeout: 180_000 }, async () => {
    const { text } = await exportTopology(system.ctx, { format: "asyncapi" });
    const { document, diagnostics } = await new Parser().parse(text);
    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
    const addresses = document
      ?.channels()
      .all()
      .map((channel) => channel.address());
    expect(addresses).toContain("orders-broker.orders");
    const { text: chart } = await exportTopology(system.ctx, { format: "mermaid" });
    expect(chart).toContain('subgraph g0["orders-');
  });

  test("show a service that is added at once, and one that is taken away", async () => {
    const { ctx } = system;
    await setOptionalService(ctx, "orders-broker", { service: "fraud", isOn: true });
    expect(nodeOf(await getTopology(ctx, {}), "service:orders-broker.fraud")).toMatchObject({
      state: "silent",
    });
    await system.reload();
    await system.order("orders-broker", "order.confirmed", { orderId: "b-late", amount: 460 });
    await until(async () => (await system.flow("b-late")).includes("fraud.suspected"), 120_000);
    await setOptionalService(ctx, "orders-broker", { service: "fraud", isOn: false });
    await catchUp();
    expect(nodeOf(await getTopology(ctx, {}), "service:orders-broker.fraud")).toMatchObject({
      kind: "service",
      state: "removed",
      published: 1,
    });
  });

  test("leave nothing behind when their data is removed", async () => {
    const { ctx, sql } = system;
    await startScenario(ctx, "orders-mediator");
    await stopScenario(ctx, "orders-mediator");
    const { confirm } = await removeScenarioData(ctx, "orders-mediator", { dryRun: true });
    await removeScenarioData(ctx, "orders-mediator", { dryRun: false, confirm });
    const left = await sql`
      select from interned_names n where name like '/samples/orders-mediator/%' and (
        exists (select from event_minutes where source_id = n.id) or exists (select from flow_minutes where source_id = n.id)
        or exists (select from cause_minutes where n.id in (source_id, cause_source_id))
        or exists (select from service_sightings where source_id = n.id))`;
    expect(left).toHaveLength(0);
    const series = await sql`
      select from metric_series where labels::text like '%/samples/orders-mediator/%' or labels::text like '%"orders-mediator.%'`;
    expect(series).toHaveLength(0);
    const sums = await sql`
      select metric, slot / 4 as resolution,
        sum(samples) filter (where label_names = '')::int as together,
        sum(samples) filter (where label_names in ('consumer,type', 'type,source,version,channel'))::int as one_by_one
      from metric_points join metric_series s on s.id = series_id
      where metric in ('events', 'attempts_succeeded') group by 1, 2`;
    expect(sums.length).toBeGreaterThan(0);
    for (const { together, one_by_one } of sums) expect(together).toBe(one_by_one);
    const graph = await getTopology(ctx, {});
    expect(graph.nodes.filter(({ group }) => group === "orders-mediator")).toEqual([]);
    expect(nodeOf(graph, "service:orders-broker.inventory")).toBeDefined();
  });
});
