import { listScenarioRows } from "#drizzle/queries/scenarios.ts";
import type { Context } from "#server/platform/context.ts";
import { FaultBoard } from "./fault-board.ts";
import { SCENARIOS } from "./registry.ts";
import { sampleHandler } from "./sample-handler.ts";
import { registerSampleMediator } from "./sample-mediator.ts";
import { qualifiedName } from "./scenario.ts";
import { subscribeScenario } from "./subscribe-scenario.ts";

/** Makes the services and mediators of all sample systems known. They get nothing until their system is started. */
export function registerScenarios(ctx: Context): void {
  const board = new FaultBoard(ctx);
  for (const { name, services, process, calls } of SCENARIOS) {
    for (const service of calls === undefined ? services : []) {
      ctx.handlers.register(
        qualifiedName(name, service.name),
        sampleHandler(ctx, board, { scenario: name, service }),
      );
    }
    if (process !== null) registerSampleMediator(ctx, board, { scenario: name, definition: process });
  }
}

/** Goes on with the systems that ran when the program ended, also when it ended half way through their start. */
export async function resumeScenarios(ctx: Context): Promise<void> {
  const rows = await listScenarioRows(ctx.sql);
  for (const { name, running_since, optional_services } of rows) {
    const scenario = SCENARIOS.find((one) => one.name === name);
    if (scenario === undefined || running_since === null) continue;
    await subscribeScenario({ ...ctx, actor: "scenarios" }, scenario, optional_services);
  }
}
