import type { SqlTx } from "#drizzle/db.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import { raiseIncident, resolveIncident, saveProcess } from "#drizzle/queries/processes.ts";
import { completeEvent, type NewEvent } from "#server/domain/new-event.ts";
import type { ProcessDefinition } from "#server/domain/processes/definition.ts";
import type { Advance } from "#server/domain/processes/go-on.ts";
import { isEnded, nextDeadline, type ProcessState } from "#server/domain/processes/state.ts";
import { publish } from "../bus/publish.ts";

/** Told of whenever a process moves. */
export const PROCESSES_TOPIC = "processes";

export type Saved = {
  definition: ProcessDefinition;
  id: string;
  /** Before the advance. */
  version: number;
  correlationId: string;
  now: Date;
  /** The event that led to it; null where time or a person did. */
  cause: { id: string; position: string } | null;
  /** Who is said to have resolved an incident that this ends. */
  by: string;
  /** What it would send gets lost on the way. */
  isSilent?: boolean;
};

/** Writes an advance: state, history, incidents, and the commands and the last word that follow from it. */
export async function saveAdvance(
  tx: SqlTx,
  saved: Saved,
  { state, commands, transitions }: Advance,
): Promise<void> {
  if (transitions.length === 0) return;
  const { definition, id, version, now, cause, by } = saved;
  const at = now.toISOString();
  const deadline = nextDeadline(state);
  const ended = isEnded(state.status);
  await saveProcess(tx, {
    id,
    status: state.status,
    state,
    version,
    at,
    nextDeadline: deadline === null ? null : new Date(deadline).toISOString(),
    isEnded: ended,
    causePosition: cause?.position ?? null,
    transitions,
  });
  for (const { kind, step, detail } of transitions) {
    if (step === null) continue;
    if (kind === "step.compensation-failed") {
      await raiseIncident(tx, { processId: id, step, reason: detail ?? "", at });
    } else if (kind === "step.compensated") await resolveIncident(tx, { processId: id, step, by, at });
  }
  for (const command of commands) {
    await send(tx, saved, state, {
      id: command.id,
      type: command.type,
      kind: "command",
      channel: command.channel,
      data: json(command.data),
      // Sent again, it answers to its own silence.
      causationId: cause?.id ?? previousOf(command),
    });
  }
  const type = ended ? definition.endings[state.status as "completed" | "compensated" | "failed"] : undefined;
  if (type !== undefined) {
    const { key, failure } = state;
    const data = json({ key, ...(failure === null ? {} : { failure }) });
    await send(tx, saved, state, {
      id: `${id}/ended`,
      type,
      kind: "integration",
      data,
      causationId: cause?.id ?? null,
    });
  }
  await notifyTopic(tx, PROCESSES_TOPIC);
}

async function send(
  tx: SqlTx,
  { definition, correlationId, now, isSilent = false }: Saved,
  { key }: ProcessState,
  event: Omit<NewEvent, "source"> & { id: string },
): Promise<void> {
  if (isSilent) return;
  const whole = {
    source: definition.mediator?.source ?? `/mediators/${definition.name}`,
    extensions: definition.mediator?.extensions ?? null,
    subject: key,
    partitionKey: key,
    correlationId,
    dataContentType: "application/json",
    ...event,
  };
  await publish(tx, completeEvent(whole, { id: event.id, time: now.toISOString() }));
}

function previousOf({ id, attempt }: { id: string; attempt: number }): string | null {
  return attempt === 1 ? null : id.replace(/\d+$/, String(attempt - 1));
}

function json(value: unknown) {
  return { encoding: "json", text: JSON.stringify(value ?? null) } as const;
}
