import type { SqlTx } from "#drizzle/db.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import { raiseIncident, resolveIncidents, saveProcess } from "#drizzle/queries/processes.ts";
import { completeEvent, type NewEvent } from "#server/domain/new-event.ts";
import type { ProcessDefinition } from "#server/domain/processes/definition.ts";
import type { Advance } from "#server/domain/processes/go-on.ts";
import { lastWordOf } from "#server/domain/processes/preview-action.ts";
import type { Transition, TransitionKind } from "#server/domain/processes/run.ts";
import { silenceBehind } from "#server/domain/processes/silence.ts";
import { isEnded, nextDeadline, type ProcessState } from "#server/domain/processes/state.ts";
import { publish } from "../bus/publish.ts";

/** Told of whenever a process moves. */
export const PROCESSES_TOPIC = "processes";

/** Who is said to have resolved an incident where no person did. */
const MEDIATOR = "mediator";

/** Extension attribute of commands: the same for every attempt at the same step. */
const IDEMPOTENCY_KEY = "idempotencykey";

export type Saved = {
  definition: ProcessDefinition;
  id: string;
  /** Before the advance. */
  version: number;
  correlationId: string;
  now: Date;
  /** The event that led to it; null where time or a person did. */
  cause: { id: string; position: string } | null;
  /** The person who moved it, and resolved the incidents that this ends; null where the mediator did by itself. */
  by: string | null;
  /** What a person asked for. */
  request?: object;
  /** What it would send gets lost on the way. */
  isSilent?: boolean;
};

/** Writes an advance: state, history, incidents, and the commands and the last word that follow from it. */
export async function saveAdvance(tx: SqlTx, saved: Saved, advance: Advance): Promise<void> {
  const { state, commands, transitions } = advance;
  if (transitions.length === 0) return;
  const { definition, id, version, now, cause, by, request = null } = saved;
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
    actor: by,
    request,
    transitions,
  });
  for (const transition of transitions) await followIncidents(tx, saved, transition);
  for (const command of commands) {
    await send(tx, saved, state, {
      id: command.id,
      type: command.type,
      kind: "command",
      channel: command.channel,
      data: json(command.data),
      causationId: cause?.id ?? silenceBehind(id, advance, command),
      idempotencyKey: command.idempotencyKey,
    });
  }
  const type = lastWordOf(definition, state.status);
  if (type !== null) {
    const { key, failure } = state;
    const data = json({ key, ...(failure === null ? {} : { failure }) });
    await send(tx, saved, state, {
      id: `${id}/ended`,
      type,
      kind: "integration",
      data,
      causationId: cause?.id ?? silenceBehind(id, advance, null),
      idempotencyKey: null,
    });
  }
  await notifyTopic(tx, PROCESSES_TOPIC);
}

async function send(
  tx: SqlTx,
  { definition, correlationId, now, isSilent = false }: Saved,
  { key }: ProcessState,
  {
    idempotencyKey,
    ...event
  }: Omit<NewEvent, "source" | "extensions"> & { id: string; idempotencyKey: string | null },
): Promise<void> {
  if (isSilent) return;
  const extensions = {
    ...definition.mediator?.extensions,
    ...(idempotencyKey === null ? {} : { [IDEMPOTENCY_KEY]: idempotencyKey }),
  };
  const whole = {
    source: definition.mediator?.source ?? `/mediators/${definition.name}`,
    extensions: Object.keys(extensions).length === 0 ? null : extensions,
    subject: key,
    partitionKey: key,
    correlationId,
    dataContentType: "application/json",
    ...event,
  };
  await publish(tx, completeEvent(whole, { id: event.id, time: now.toISOString() }));
}

const RESOLVING: ReadonlySet<TransitionKind> = new Set([
  "step.completed",
  "step.skipped",
  "step.compensated",
]);

/** A failed compensation is an incident, and so is a failed step that a person has to decide about. */
async function followIncidents(
  tx: SqlTx,
  { definition, id, now, by }: Saved,
  { kind, step, detail }: Transition,
): Promise<void> {
  const at = now.toISOString();
  const resolution = { processId: id, at, by: by ?? MEDIATOR };
  if (kind === "process.called-off" || kind === "process.cancelled") {
    await resolveIncidents(tx, { ...resolution, step: null });
  }
  if (step === null) return;
  const isDecided = definition.onStepFailure === "wait";
  if (kind === "step.compensation-failed" || (kind === "step.failed" && isDecided)) {
    await raiseIncident(tx, { processId: id, at, step, reason: detail ?? "" });
  } else if (RESOLVING.has(kind) || (kind === "step.completed" && isDecided)) {
    await resolveIncidents(tx, { ...resolution, step });
  }
}

function json(value: unknown) {
  return { encoding: "json", text: JSON.stringify(value ?? null) } as const;
}
