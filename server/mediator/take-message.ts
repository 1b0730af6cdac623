import { randomUUID } from "node:crypto";
import { insertProcess, lockProcess } from "#drizzle/queries/processes.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { startProcess, takeReply } from "#server/domain/processes/advance.ts";
import type { ProcessDefinition } from "#server/domain/processes/definition.ts";
import type { Context } from "#server/platform/context.ts";
import type { HandlerContext } from "../bus/handlers.ts";
import { saveAdvance } from "./save-advance.ts";
import { readState } from "./stored-state.ts";

/**
 * What a mediator does with an event: it begins a process, or goes on with the one that waits for it. State, history
 * and the commands that follow are written in the transaction of the delivery, so that each event counts once and a
 * crash leaves nothing half done.
 */
export async function takeMessage(
  { clock, random }: Pick<Context, "clock"> & { random: () => number },
  definition: ProcessDefinition,
  event: EventEnvelope,
  { tx, position, isSilent = false }: Pick<HandlerContext, "tx" | "position"> & { isSilent?: boolean },
): Promise<void> {
  const { name } = definition;
  const now = clock.now();
  const correlationId = event.correlationId ?? event.id;
  const cause = { id: event.id, position };
  if (event.type === definition.startedBy.type) {
    const id = randomUUID();
    const context = { id, definition, now: now.getTime(), random };
    const advance = startProcess(context, payloadOf(event));
    const { key } = advance.state;
    const isNew = await insertProcess(tx, { id, name, key, correlationId, position, at: now.toISOString() });
    if (isNew)
      await saveAdvance(
        tx,
        { definition, id, version: 0, correlationId, now, cause, by: null, isSilent },
        advance,
      );
    return;
  }
  const row = await lockProcess(tx, { name, correlationId });
  // A reply in a flow that this mediator does not run.
  if (row === null) return;
  const context = { id: row.id, definition, now: now.getTime(), random };
  const reply = { commandId: event.causationId, type: event.type, data: payloadOf(event) };
  const advance = takeReply(context, readState(row), reply);
  const { version } = row;
  const saved = { definition, id: row.id, version, correlationId, now, cause, by: null, isSilent };
  await saveAdvance(tx, saved, advance);
}

function payloadOf({ data }: EventEnvelope): unknown {
  return data.encoding === "json" ? JSON.parse(data.text) : null;
}
