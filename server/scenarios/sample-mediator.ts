import type { ProcessDefinition } from "#server/domain/processes/definition.ts";
import type { Context } from "#server/platform/context.ts";
import { mediatorOf } from "../mediator/start-mediator.ts";
import { takeMessage } from "../mediator/take-message.ts";
import { decideAttempt, disturb, readMessage } from "./disturb.ts";
import type { FaultBoard } from "./fault-board.ts";
import { joinScenario } from "./sample-work.ts";
import { MEDIATOR } from "./scenario.ts";

/** The mediator of a sample system: one as any other, but that it can be made to fail. */
export function registerSampleMediator(
  ctx: Context,
  board: FaultBoard,
  { scenario, definition }: { scenario: string; definition: ProcessDefinition },
): void {
  const where = { scenario, part: MEDIATOR };
  // Who is down does not look at the clock either.
  ctx.processes.declare(definition, { isHeld: async () => (await board.find(scenario, MEDIATOR)).isDown });
  ctx.handlers.register(mediatorOf(definition), {
    transaction: "each",
    prepare: async (event, context) => {
      const decision = await decideAttempt(board, where, readMessage(event), context);
      await disturb(decision, { workMs: 0 }, context);
    },
    handle: async (event, context) => {
      const { tx, position } = context;
      await joinScenario(tx, scenario, position);
      const { times, losesReply } = await decideAttempt(board, where, readMessage(event), context);
      for (let time = 0; time < times; time += 1) {
        const given = { tx, position, isSilent: losesReply };
        await takeMessage({ clock: ctx.clock, random: Math.random }, definition, event, given);
      }
    },
  });
}
