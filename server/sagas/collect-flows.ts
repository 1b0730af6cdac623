import type { SqlTx } from "#drizzle/db.ts";
import type { FlowRow } from "#drizzle/queries/flow-records.ts";
import {
  insertMembers,
  type LooseEventRow,
  listFlowsOfMembers,
  listJoinedFlows,
  listLooseEvents,
  listLooseEventsAt,
  listLooseTypes,
  listPayloads,
  listTouchedFlows,
} from "#drizzle/queries/saga-recognising.ts";
import { CORRELATIONS, type Correlation, correlate } from "#server/domain/sagas/correlate.ts";
import type { Context } from "#server/platform/context.ts";
import type { PathRule } from "./path-rules.ts";
import type { SagaKnowledge } from "./saga-knowledge.ts";

/** A flow in which something was recorded, with how many events; none where something else happened to it. */
export type TouchedFlow = { flow: Correlation; events: number };

type Range = { after: string; upTo: string };

/** A flow is looked for in payloads up to this size, so many at a time. */
const MAX_PAYLOAD_BYTES = 256 * 1024;
const PAYLOADS_AT_ONCE = 200;

/** The flows of the events in a range, but for single events that are no part of any. */
export async function collectTouched(
  tx: SqlTx,
  ctx: Pick<Context, "names">,
  range: Range,
  { startTypes, paths }: Pick<SagaKnowledge, "startTypes"> & { paths: readonly PathRule[] },
): Promise<TouchedFlow[]> {
  const correlated = await listTouchedFlows(tx, { ...range, startTypes });
  const loose = await listLoose(tx, ctx, range, paths);
  return [
    ...correlated.map(
      ({ value, events }): TouchedFlow => ({ flow: { by: "correlation-id", value }, events }),
    ),
    ...(await groupLoose(tx, loose, startTypes)),
  ];
}

/** The flows of some events, which are members of them from then on. */
export async function collectFlowsOf(
  tx: SqlTx,
  ctx: Pick<Context, "names">,
  positions: readonly string[],
  paths: readonly PathRule[],
): Promise<TouchedFlow[]> {
  if (positions.length === 0) return [];
  const rows = await listLooseEventsAt(tx, positions);
  const known = await listFlowsOfMembers(tx, positions);
  const isKnown = new Set(known.map(({ position }) => position));
  const rest = rows.filter(({ position }) => !isKnown.has(position));
  const found = await correlateRows(tx, ctx, rest, paths);
  return [...known.map(toFlow), ...found.map(({ flow }) => flow)].map((flow) => ({ flow, events: 0 }));
}

/** A flow as the tables name it. */
export function toFlow({ kind, value }: FlowRow): Correlation {
  return { by: CORRELATIONS[kind] ?? "correlation-id", value };
}

export function toFlowRow({ by, value }: Correlation): FlowRow {
  return { kind: CORRELATIONS.indexOf(by), value };
}

type Member = { row: LooseEventRow; flow: Correlation };

async function listLoose(
  tx: SqlTx,
  ctx: Pick<Context, "names">,
  range: Range,
  paths: readonly PathRule[],
): Promise<Member[]> {
  const types = paths.length === 0 ? [] : await listLooseTypes(tx, range);
  const nameOf = await ctx.names.resolve(types, tx);
  const typeIds = types.filter((id) => paths.some(({ matches }) => matches(nameOf(id))));
  return correlateRows(tx, ctx, await listLooseEvents(tx, { ...range, typeIds }), paths);
}

/** Finds the flow of each event, and writes those down that the event's own columns don't tell. */
async function correlateRows(
  tx: SqlTx,
  ctx: Pick<Context, "names">,
  rows: readonly LooseEventRow[],
  paths: readonly PathRule[],
): Promise<Member[]> {
  const members: Member[] = [];
  const silent: LooseEventRow[] = [];
  for (const row of rows) {
    const flow = correlateRow(row);
    if (flow === null) silent.push(row);
    else members.push({ row, flow });
  }
  if (paths.length > 0) members.push(...(await correlateByPayload(tx, ctx, silent, paths)));
  const loose = members.filter(({ flow }) => flow.by !== "correlation-id");
  if (loose.length > 0) {
    await insertMembers(
      tx,
      loose.map(({ row, flow }) => ({ ...toFlowRow(flow), position: row.position })),
    );
  }
  return members;
}

function correlateRow({ correlation_id, traceparent }: LooseEventRow): Correlation | null {
  return correlate({ correlationId: correlation_id, traceparent });
}

async function correlateByPayload(
  tx: SqlTx,
  { names }: Pick<Context, "names">,
  rows: readonly LooseEventRow[],
  paths: readonly PathRule[],
): Promise<Member[]> {
  const nameOf = await names.resolve(
    rows.map(({ type_id }) => type_id),
    tx,
  );
  const ruled = rows.flatMap((row) => {
    const rule = paths.find(({ matches }) => matches(nameOf(row.type_id)));
    return rule === undefined ? [] : [{ row, path: rule.path }];
  });
  const members: Member[] = [];
  for (let start = 0; start < ruled.length; start += PAYLOADS_AT_ONCE) {
    const part = ruled.slice(start, start + PAYLOADS_AT_ONCE);
    const payloads = await listPayloads(
      tx,
      part.map(({ row }) => row.position),
      MAX_PAYLOAD_BYTES,
    );
    for (const { row, path } of part) {
      const text = payloads.get(row.position);
      const flow =
        text === undefined ? null : correlate({ correlationId: null, traceparent: null }, { text, path });
      if (flow !== null) members.push({ row, flow });
    }
  }
  return members;
}

/** As `listTouchedFlows` does it with correlation ids. */
async function groupLoose(
  tx: SqlTx,
  members: readonly Member[],
  startTypes: readonly number[],
): Promise<TouchedFlow[]> {
  const groups = [...Map.groupBy(members, ({ flow }) => `${flow.by} ${flow.value}`).values()];
  const all = groups.flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const matters =
      own.length > 1 ||
      own.some(({ row }) => row.is_caused || row.begins || startTypes.includes(row.type_id));
    return [{ flow: first.flow, events: own.length, matters }];
  });
  const single = all.filter(({ matters }) => !matters);
  const joined = new Set(
    single.length === 0
      ? []
      : await listJoinedFlows(
          tx,
          single.map(({ flow }) => toFlowRow(flow)),
        ),
  );
  return [...all.filter(({ matters }) => matters), ...single.filter((_, place) => joined.has(place))];
}
