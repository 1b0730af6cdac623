import type { Handler } from "../bus/handlers.ts";
import { decideAttempt, disturb, readMessage } from "./disturb.ts";
import type { FaultBoard } from "./fault-board.ts";
import { joinScenario, type WorkContext, workOf } from "./sample-work.ts";
import type { SampleService } from "./scenario.ts";

/**
 * A service of a sample system as a consumer on the bus. It has a database of its own, so its work is one transaction
 * of its own, and it must bear being told twice. No connection is held while it works slowly or hangs.
 */
export function sampleHandler(
  ctx: WorkContext,
  board: FaultBoard,
  { scenario, service }: { scenario: string; service: SampleService },
): Handler {
  const { name, workMs, reads, serve } = service;
  return {
    ...(reads === undefined ? {} : { reads }),
    transaction: "none",
    handle: async (event, context) => {
      const message = readMessage(event);
      const decision = await decideAttempt(board, { scenario, part: name }, message, context);
      await disturb(decision, { workMs }, context);
      const { position, signal } = context;
      const working = { scenario, service: name, message, isSilent: decision.losesReply };
      for (let time = 0; time < decision.times; time += 1) {
        signal.throwIfAborted();
        await ctx.sql.begin(async (tx) => {
          const keep = () => joinScenario(tx, scenario, position);
          await serve(message, workOf(tx, ctx, { ...working, keep }));
        });
      }
    },
  };
}
