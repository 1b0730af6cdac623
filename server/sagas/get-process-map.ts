import {
  findSagaType,
  listMapsBetween,
  listSagaCounts,
  type SagaCountRow,
} from "#drizzle/queries/saga-reading.ts";
import type { ProcessMapDto } from "#server/contract/sagas.ts";
import { RELATIVE_ERROR } from "#server/domain/log-histogram.ts";
import { EMPTY_MAP, mergeMaps, type ProcessMap } from "#server/domain/sagas/process-map.ts";
import { type MapStep, readMap } from "#server/domain/sagas/read-map.ts";
import type { Clock } from "#server/platform/clock.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { nameSteps } from "./name-steps.ts";
import { getRecognised } from "./recognised.ts";
import { STATES_BY_HARM } from "./saga-numbers.ts";

const HOUR_MS = 3_600_000;
const DEFAULT_HOURS = 24;
const LONGEST_HOURS = 31 * 24;

export type ProcessMapQuery = { type: string; from?: string | undefined; to?: string | undefined };

/**
 * How the sagas of a type went that began in a window, by default in the last day, with how many wait at each step now.
 * Throws `not-found` for a type that nobody knows, and `invalid` for a window that is none.
 */
export async function getProcessMap(ctx: Context, query: ProcessMapQuery): Promise<ProcessMapDto> {
  const window = readHours(ctx.clock, query);
  const type = await findSagaType(ctx.sql, query.type);
  if (type === null) {
    throw new AppError(
      "not-found",
      `No saga of the type ${JSON.stringify(query.type)} was recognised. /api/v1/sagas/counts lists the types.`,
    );
  }
  const fresh = await getRecognised(ctx);
  const counts = await listSagaCounts(ctx.sql, type.type);
  const maps = await listMapsBetween(ctx.sql, { typeId: type.id, ...window });
  // Written by the recognition.
  const whole = (maps as ProcessMap[]).reduce(mergeMaps, EMPTY_MAP);
  const { steps, ...map } = readMap(whole);
  const nameStep = nameSteps(ctx);
  return {
    type: type.type,
    name: type.name,
    window,
    relativeError: RELATIVE_ERROR,
    ...map,
    steps: withWaiting(steps, counts, (key) => nameStep(type.type, key).name),
    ...fresh,
  };
}

/** Steps at which sagas wait, and that none which has ended took, are among them. */
function withWaiting(
  steps: readonly MapStep[],
  counts: readonly SagaCountRow[],
  nameOf: (key: string) => string,
): ProcessMapDto["steps"] {
  const at = Map.groupBy(
    counts.filter(({ step }) => step !== ""),
    ({ step }) => step,
  );
  const known = new Set(steps.map(({ key }) => key));
  const unknown = [...at.keys()].filter((key) => !known.has(key)).map((key) => newStep(key, nameOf(key)));
  return [...steps, ...unknown].map((step) => {
    const own = at.get(step.key) ?? [];
    const isStuck = ({ state }: SagaCountRow) => STATES_BY_HARM[state] === "stuck";
    const sum = (rows: readonly SagaCountRow[]) => rows.reduce((all, { sagas }) => all + sagas, 0);
    return { ...step, waiting: sum(own.filter((row) => !isStuck(row))), stuck: sum(own.filter(isStuck)) };
  });
}

function newStep(key: string, name: string): MapStep {
  const nothing = { flows: 0, visits: 0, last: 0, compensating: 0, states: {} };
  return { key, name, service: null, ...nothing, medianUs: null, p95Us: null, p99Us: null };
}

function readHours(clock: Clock, { from, to }: Omit<ProcessMapQuery, "type">): { from: string; to: string } {
  const end = Math.ceil((to === undefined ? clock.now().getTime() : Date.parse(to)) / HOUR_MS);
  const start = from === undefined ? end - DEFAULT_HOURS : Math.floor(Date.parse(from) / HOUR_MS);
  if (start >= end) throw new AppError("invalid", "The window is empty. Give a `from` that is before `to`.");
  if (end - start > LONGEST_HOURS) {
    throw new AppError("invalid", "The window is longer than 31 days. Give a `from` that is nearer to `to`.");
  }
  return { from: new Date(start * HOUR_MS).toISOString(), to: new Date(end * HOUR_MS).toISOString() };
}
