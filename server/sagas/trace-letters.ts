import { ITEM_STATE } from "#drizzle/queries/open-items.ts";
import {
  type FlowLetterRow,
  type LetterReplayRow,
  listLettersOfFlow,
  listReplaysOfLetters,
} from "#drizzle/queries/trace-reading.ts";
import type { TraceLetterDto } from "#server/contract/sagas.ts";
import { DEAD_LETTER_STATUSES } from "#server/domain/dead-letter.ts";
import type { DeliveryStatus } from "#server/domain/delivery.ts";
import { ITEM_OUTCOMES } from "#server/domain/replays/replay-run.ts";
import { CORRELATIONS, type Correlation } from "#server/domain/sagas/correlate.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";
import type { Context } from "#server/platform/context.ts";

/** The dead letters of a flow, with the replays that they were in. */
export type FlowLetters = {
  letters: readonly FlowLetterRow[];
  replaysOf: (letter: FlowLetterRow) => readonly LetterReplayRow[];
};

/** The dead letters of the first events of a flow. */
export async function listFlowLetters(
  { sql }: Pick<Context, "sql">,
  { by, value }: Correlation,
  limit: number,
): Promise<FlowLetters> {
  const letters = await listLettersOfFlow(sql, { kind: CORRELATIONS.indexOf(by), value }, limit);
  const rows = letters.length === 0 ? [] : await listReplaysOfLetters(sql, letters);
  const byLetter = Map.groupBy(rows, letterKey);
  return { letters, replaysOf: (letter) => byLetter.get(letterKey(letter)) ?? [] };
}

/** The dead letters on the way of a trace as they are. */
export function toLetters(found: FlowLetters, trace: Pick<Trace, "events">): TraceLetterDto[] {
  return ofTrace(found, trace).map((letter) =>
    toDto(letter, found.replaysOf(letter), statusOf(letter.status)),
  );
}

/**
 * The dead letters as they were at the moment at which a trace is shown. A letter's status is not written down for each
 * moment, but how its delivery stood is, as far as its attempts say.
 */
export function toLettersAt(
  found: FlowLetters,
  trace: Pick<Trace, "events" | "messages">,
  atUs: number,
): TraceLetterDto[] {
  const { events, messages } = trace;
  const statuses = new Map(
    messages.map(({ event, consumer, status }) => [`${events[event]?.position} ${consumer}`, status]),
  );
  return ofTrace(found, trace)
    .filter(({ first_died_us }) => Number(first_died_us) <= atUs)
    .map((letter) => {
      const begun = found.replaysOf(letter).filter(({ started_us }) => isBy(started_us, atUs));
      const known = begun.map((replay) =>
        isBy(replay.ended_us, atUs) ? replay : { ...replay, state: ITEM_STATE.inFlight, outcome: null },
      );
      const status = statuses.get(`${letter.position} ${letter.consumer}`);
      return toDto(letter, known, statusFrom(status ?? null, statusOf(letter.status)));
    });
}

/** Several sagas may share a flow. */
function ofTrace({ letters }: FlowLetters, { events }: Pick<Trace, "events">): readonly FlowLetterRow[] {
  if (letters.length === 0) return letters;
  const own = new Set(events.map(({ position }) => position));
  return letters.filter(({ position }) => own.has(position));
}

function isBy(us: string | null, atUs: number): boolean {
  return us !== null && Number(us) <= atUs;
}

function letterKey({ position, subscription_id }: { position: string; subscription_id: number }): string {
  return `${position} ${subscription_id}`;
}

function toDto(
  { position, consumer, case_id }: FlowLetterRow,
  replays: readonly LetterReplayRow[],
  status: TraceLetterDto["status"],
): TraceLetterDto {
  return {
    position,
    consumer,
    status,
    caseId: case_id,
    replays: replays.map((replay) => ({
      id: String(replay.replay_id),
      name: replay.reason,
      outcome: outcomeOf(replay),
    })),
  };
}

function outcomeOf({ outcome, state }: LetterReplayRow): string {
  if (outcome !== null) return ITEM_OUTCOMES[outcome] ?? "unknown";
  return state === ITEM_STATE.inFlight ? "running" : "waiting";
}

function statusOf(number: number): TraceLetterDto["status"] {
  return DEAD_LETTER_STATUSES[number] ?? "parked";
}

/** How a letter stands by its delivery; as it stands now where nothing tells. */
function statusFrom(
  delivery: DeliveryStatus | null,
  now: TraceLetterDto["status"],
): TraceLetterDto["status"] {
  if (delivery === null) return now;
  if (delivery === "dead") return "parked";
  if (delivery === "succeeded") return "resolved";
  return delivery === "discarded" ? "discarded" : "replaying";
}
