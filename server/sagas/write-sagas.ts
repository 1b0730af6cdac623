import type { SqlTx } from "#drizzle/db.ts";
import {
  adjustSagaCounts,
  deleteSagas,
  type SagaCountDelta,
  type SagaWrite,
  upsertSagas,
} from "#drizzle/queries/saga-writing.ts";
import {
  countWentOn,
  ensureSagaTypes,
  type listSagasOfFlows,
  listSagaTypes,
} from "#drizzle/queries/sagas.ts";
import type { SagaNorms } from "#server/domain/sagas/saga-norms.ts";
import { countEnded, HOUR_US, type MapChange } from "./count-ended.ts";
import type { FlowSaga } from "./flow-sagas.ts";
import { hadFailure, isProcess, type JudgedSaga, judgeSaga } from "./judge-saga.ts";
import { packMap, unpackMap } from "./pack-map.ts";
import { type EndedSaga, recordSteps } from "./record-steps.ts";

/** A saga as it stands in the table. */
export type KnownSaga = Awaited<ReturnType<typeof listSagasOfFlows>>[number];

export type FlowFindings = {
  /** What is written down of the flow. */
  known: readonly KnownSaga[];
  /** What was found in it. */
  found: readonly FlowSaga[];
};

/**
 * Writes where the sagas of some flows stand, takes back those that are none any more, and moves the counts and the
 * maps by exactly what changed.
 *
 * @returns whether a list shows anything else than before, the places of the flows that stand in it, and the sagas that
 * have ended.
 */
export async function writeSagas(
  tx: SqlTx,
  {
    flows,
    normsOf,
    nowUs,
    hasReporters,
    rest,
  }: {
    flows: readonly FlowFindings[];
    normsOf: (type: string) => SagaNorms;
    nowUs: number;
    hasReporters: boolean;
    rest: () => Promise<void>;
  },
): Promise<{ changed: boolean; listed: ReadonlySet<number>; ended: EndedSaga[] }> {
  const types = new Map((await listSagaTypes(tx)).map((row) => [row.type, row]));
  const kept = flows.map(({ found }) =>
    found.filter((saga) => isListed(saga, types.get(saga.type)?.is_process)),
  );
  const ids = await ensureTypes(tx, kept.flat(), types);
  const before = new Map(flows.flatMap(({ known }) => known.map((saga) => [saga.id, saga])));
  const writes: SagaWrite[] = [];
  const changes: MapChange[] = [];
  const ended: EndedSaga[] = [];
  const wentOn = new Map<number, number>();
  for (const saga of kept.flat()) {
    const judged = judgeSaga(saga, { nowUs, norms: normsOf(saga.type), hasReporters });
    const known = before.get(judged.row.id);
    before.delete(judged.row.id);
    const typeId = ids.get(saga.type) ?? 0;
    const { write, change } = place(judged, { typeId, known });
    if ((known?.events ?? 1) === 1 && isProcess(saga.trace))
      wentOn.set(typeId, (wentOn.get(typeId) ?? 0) + 1);
    const { map, row } = judged;
    if (map !== null && known?.counted == null)
      ended.push({ saga: saga.type, endedUs: row.endedUs ?? nowUs, map });
    writes.push(write);
    changes.push(...change);
    await rest();
  }
  const gone = [...before.values()];
  const after = new Set(writes.map(({ id }) => id));
  const replaced = flows.flatMap(({ known }) => known).filter(({ id }) => after.has(id));
  await upsertSagas(tx, writes);
  await deleteSagas(
    tx,
    gone.map(({ id }) => id),
  );
  await countWentOn(
    tx,
    [...wentOn].map(([typeId, sagas]) => ({ typeId, sagas })),
  );
  await adjustSagaCounts(tx, countDeltas([...gone, ...replaced], writes));
  await countEnded(tx, [...changes, ...gone.flatMap(takenOut)]);
  await recordSteps(tx, ended, nowUs / 1000);
  const listed = new Set([...kept.entries()].flatMap(([index, sagas]) => (sagas.length > 0 ? [index] : [])));
  return { changed: gone.length > 0 || isChanged(replaced, writes), listed, ended };
}

/** A process from its first event on, once it is known as one; anything else when something failed in it. */
function isListed({ trace }: FlowSaga, isKnownProcess: boolean | undefined): boolean {
  return isKnownProcess === true || isProcess(trace) || hadFailure(trace);
}

/** The ids of the types of some sagas; those that are new are made. */
async function ensureTypes(
  tx: SqlTx,
  sagas: readonly FlowSaga[],
  types: ReadonlyMap<string, { id: number; is_process: boolean }>,
): Promise<Map<string, number>> {
  const ids = new Map([...types].map(([type, { id }]) => [type, id]));
  const wanted = new Map(
    sagas.flatMap(({ type, name, start, trace }) => {
      const known = types.get(type);
      // Of others, it is found out whether most of their flows go on.
      const isNow = trace.basis === "declared";
      if (known !== undefined && (known.is_process || !isNow)) return [];
      const wish = { type, name, isProcess: isNow, startType: start.type, startSource: start.source };
      return [[JSON.stringify([type, start]), wish] as const];
    }),
  );
  if (wanted.size > 0) {
    for (const { id, type } of await ensureSagaTypes(tx, [...wanted.values()])) ids.set(type, id);
  }
  return ids;
}

/** The row that is written, and what that changes in the maps. */
function place(
  { row, map }: JudgedSaga,
  { typeId, known }: { typeId: number; known: KnownSaga | undefined },
): { write: SagaWrite; change: MapChange[] } {
  const packed = map === null ? null : packMap(map);
  const hourUs = Math.floor(row.startedUs / HOUR_US) * HOUR_US;
  const write = {
    ...row,
    typeId,
    counted: packed === null ? null : packed.toString("base64"),
    countedHourUs: packed === null ? null : hourUs,
  };
  const isSame =
    known?.counted != null &&
    packed?.equals(known.counted) === true &&
    known.type_id === typeId &&
    Date.parse(known.counted_hour ?? "") * 1000 === hourUs;
  if (isSame) return { write, change: [] };
  const added = map === null ? [] : [{ typeId, hourUs, add: map, take: null }];
  return { write, change: [...(known === undefined ? [] : takenOut(known)), ...added] };
}

function takenOut({ type_id, counted, counted_hour }: KnownSaga): MapChange[] {
  if (counted === null || counted_hour === null) return [];
  const hourUs = Date.parse(counted_hour) * 1000;
  return [{ typeId: type_id, hourUs, add: null, take: unpackMap(counted) }];
}

function countDeltas(before: readonly KnownSaga[], after: readonly SagaWrite[]): SagaCountDelta[] {
  const deltas = new Map<string, SagaCountDelta>();
  const add = (typeId: number, basis: number, state: number, step: string | null, sagas: number) => {
    const key = JSON.stringify([typeId, basis, state, step]);
    const known = deltas.get(key);
    deltas.set(key, { typeId, basis, state, step: step ?? "", sagas: (known?.sagas ?? 0) + sagas });
  };
  for (const { type_id, basis, state, step } of before) add(type_id, basis, state, step, -1);
  for (const { typeId, basis, state, step } of after) add(typeId, basis, state, step, 1);
  return [...deltas.values()].filter(({ sagas }) => sagas !== 0);
}

function isChanged(before: readonly KnownSaga[], after: readonly SagaWrite[]): boolean {
  const known = new Map(before.map((saga) => [saga.id, saga]));
  return after.some((row) => {
    const old = known.get(row.id);
    return old === undefined || old.state !== row.state || old.step !== row.step || old.events !== row.events;
  });
}
