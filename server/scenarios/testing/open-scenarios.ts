import { listEffects } from "#drizzle/queries/scenarios.ts";
import { relayOutboxOnce } from "#server/bus/relay-outbox.ts";
import { openTestBus, until } from "#server/bus/testing/open-bus.ts";
import { faultInputSchema } from "#server/contract/scenarios.ts";
import { passDeadlineOnce } from "#server/mediator/pass-deadlines.ts";
import { runProjection } from "#server/projections/run-projection.ts";
import { sampleOrders } from "#server/projections/sample-orders.ts";
import { brakeProjections } from "../brake-projection.ts";
import { CallDesk } from "../call-desk.ts";
import { injectFault } from "../change-fault.ts";
import { FaultBoard } from "../fault-board.ts";
import { eventOfUnit } from "../produce.ts";
import { registerScenarios } from "../register-scenarios.ts";
import { getScenario } from "../registry.ts";
import { orderUnit, type SampleOrder } from "../sample-orders.ts";
import type { SampleUnit } from "../scenario.ts";
import { startScenario } from "../start-scenario.ts";

const ORDER = { customerId: "customer-1", amount: 100, quantity: 1, address: "1 River Street" };

/** What is known of faults may be as old as 250 ms. */
const FAULTS_KNOWN_MS = 300;

type TestUnit = Omit<SampleUnit, "kind">;

/** Sample systems on a database of their own, with everything that runs them but their traffic. */
export async function openScenarios() {
  const bus = await openTestBus();
  const { ctx, sql } = bus;
  registerScenarios(ctx);
  const worker = await bus.startBus();
  const brakes = brakeProjections(new FaultBoard(ctx), ctx.clock);
  let isOpen = true;
  const working = (async () => {
    while (isOpen) {
      await relayOutboxOnce(ctx);
      await runProjection(ctx, sampleOrders, brakes.get(sampleOrders.name));
      await passDeadlineOnce({ ...ctx, random: () => 0 }, ctx.processes);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  const put = async (scenario: string, producer: string, units: TestUnit[]) => {
    await bus.append(
      units.map(({ type, key, partitionKey, data, version }) => ({
        id: `${type}-${key}`,
        type,
        source: `/samples/${scenario}/${producer}`,
        subject: key,
        partitionKey,
        correlationId: key,
        extensions: { scenario, ...(version === undefined ? {} : { dataversion: version }) },
        dataContentType: "application/json",
        data: { encoding: "json", text: JSON.stringify(data) },
      })),
    );
  };
  return {
    ...bus,
    /** A desk that takes requests for the shop that calls its services, as the producer would hand them over. */
    openDesk: () => {
      const desk = new CallDesk(ctx, new FaultBoard(ctx));
      return {
        settle: () => desk.settle(),
        close: () => desk.close(),
        /** Where the shop should give up as early as in the sample system, say so: a busy machine is slow for no reason. */
        request: (order: Partial<SampleOrder> & { orderId: string }, { givesUp = false } = {}) => {
          const scenario = getScenario("orders-sync");
          if (scenario.calls === undefined) throw new Error("orders-sync makes no calls.");
          const event = eventOfUnit(
            scenario,
            orderUnit("order.requested", { ...ORDER, ...order }),
            ctx.clock.now(),
          );
          const timeoutMs = givesUp ? scenario.calls.timeoutMs : 20_000;
          desk.take([{ scenario, calls: { ...scenario.calls, timeoutMs }, event }]);
        },
      };
    },
    /** Puts traffic into a system, as its producer would. */
    put,
    /** Starts a system without any traffic of its own. */
    start: async (scenario: string) => {
      await startScenario(ctx, scenario);
      await worker.reload();
    },
    reload: () => worker.reload(),
    /** Makes something go wrong, and waits until everybody who runs the services knows. */
    disturb: async (scenario: string, service: string, fault: object) => {
      await injectFault(ctx, scenario, {
        service,
        fault: faultInputSchema.parse({ seconds: null, ...fault }),
      });
      await new Promise((resolve) => setTimeout(resolve, FAULTS_KNOWN_MS));
    },
    /** Puts one order into a system, as its shop would. */
    order: async (scenario: string, type: string, order: Partial<SampleOrder> & { orderId: string }) => {
      const data = { customerId: "customer-1", amount: 100, quantity: 1, ...order };
      await put(scenario, "shop", [{ type, key: order.orderId, partitionKey: "customer-1", data }]);
    },
    effectsOf: (scenario: string, key: string) => listEffects(sql, scenario, key),
    /** The types of a flow's events in the order in which they were recorded. */
    flow: async (correlationId: string) => {
      const rows = await sql<{ name: string }[]>`
        select name from events join interned_names on interned_names.id = type_id
        where correlation_id = ${correlationId} order by position`;
      return rows.map(({ name }) => name);
    },
    close: async () => {
      isOpen = false;
      await working;
      await bus.close();
    },
  };
}

export { until };

export type TestScenarios = Awaited<ReturnType<typeof openScenarios>>;
