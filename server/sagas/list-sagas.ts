import { z } from "zod";
import {
  countLead,
  listByLanes,
  listByLead,
  type SagaConditions,
  type SagaLane,
  type SagaLead,
  type SagaOrder,
} from "#drizzle/queries/saga-listing.ts";
import { type SagaLane as CountedLane, countLanes, type SagaRow } from "#drizzle/queries/saga-reading.ts";
import { MAX_PAGE_SIZE } from "#server/contract/events.ts";
import type { SagaFilter, SagaPageDto, SagaSort } from "#server/contract/sagas.ts";
import { TRACE_BASES } from "#server/domain/sagas/trace.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { nameSteps } from "./name-steps.ts";
import { getRecognised } from "./recognised.ts";
import { toSagaDto } from "./saga-dto.ts";
import { STATES_BY_HARM } from "./saga-numbers.ts";

/** So few sagas are all looked at and sorted; of more, enough match for a walk in the order of the list to find them. */
const FEW = 10_000;
/** Where fewer than this share match, the list goes along each type by itself. */
const DENSE = 0.02;
/** Along so many types and states at a time at most, where all types would do as well. */
const MOST_LANES = 64;

export type ListSagasInput = {
  filter: SagaFilter;
  sort: SagaSort;
  after?: string | undefined;
  limit: number;
};

/**
 * A page of sagas. Throws `invalid` for an `after` that no page of this sort has given.
 *
 * @param few a condition that leads to fewer sagas than that is where the search begins
 */
export async function listSagas(
  ctx: Context,
  { filter, sort, after, limit }: ListSagasInput,
  { few = FEW }: { few?: number } = {},
): Promise<SagaPageDto> {
  const size = Math.min(limit, MAX_PAGE_SIZE);
  const fresh = await getRecognised(ctx);
  const place = after === undefined ? null : readPlace(after, sort);
  const nowUs = place?.nowUs ?? String(ctx.clock.now().getTime() * 1000);
  const order: SagaOrder = { by: sort, after: place, nowUs, limit: size + 1 };
  const rows = await listRows(ctx, filter, { order, few });
  const shown = rows.slice(0, size);
  const nameStep = nameSteps(ctx);
  const last = rows.length > size ? shown.at(-1) : undefined;
  return {
    sagas: shown.map((row) => toSagaDto(row, nameStep)),
    nextAfter: last === undefined ? null : writePlace(last, order),
    ...fresh,
  };
}

async function listRows(
  { sql }: Pick<Context, "sql">,
  filter: SagaFilter,
  { order, few }: { order: SagaOrder; few: number },
): Promise<SagaRow[]> {
  const { state, type, basis, step = null, q = null, from = null, to = null } = filter;
  const states = [...new Set(state ?? STATES_BY_HARM)].map((one) => STATES_BY_HARM.indexOf(one));
  const bases = basis === undefined ? null : basis.map((one) => TRACE_BASES.indexOf(one));
  const lanes = (await countLanes(sql, { states, types: type ?? null, bases, step })).filter(
    ({ matching }) => matching > 0,
  );
  if (lanes.length === 0) return [];
  const typeIds = type === undefined ? null : [...new Set(lanes.map(({ typeId }) => typeId))];
  const conditions: SagaConditions = { states, typeIds, bases, step, q, from, to };
  const lead = await findLead({ sql }, conditions, { lanes, by: order.by, few });
  if (lead !== null) return listByLead(sql, conditions, { lead, order });
  return listByLanes(sql, conditions, { lanes: chooseLanes(lanes, conditions), order });
}

/** A condition that leads to so few sagas that all of them can be sorted; null where none does. */
async function findLead(
  { sql }: Pick<Context, "sql">,
  conditions: SagaConditions,
  { lanes, by, few }: { lanes: readonly CountedLane[]; by: SagaSort; few: number },
): Promise<SagaLead | null> {
  const { q, step, from, to } = conditions;
  const isFew = async (lead: SagaLead) => (await countLead(sql, conditions, { lead, limit: few })) < few;
  if (q !== null && (await isFew("q"))) return "q";
  const isRare = sumOf(lanes, "matching") < DENSE * sumOf(lanes, "sagas");
  if (step !== null && isRare && (await isFew("step"))) return "step";
  const isByBeginning = by === "newest" || by === "oldest";
  if ((from !== null || to !== null) && !isByBeginning && (await isFew("window"))) return "window";
  return null;
}

/** All types of a state together where enough of them match; else those types alone in which some do. */
function chooseLanes(lanes: readonly CountedLane[], { typeIds, bases }: SagaConditions): SagaLane[] {
  const byState = Map.groupBy(lanes, ({ state }) => state);
  // Types run in one way, nearly always.
  const isByType = bases !== null && lanes.length <= MOST_LANES;
  const isDense =
    typeIds === null &&
    !isByType &&
    [...byState.values()].every((own) => sumOf(own, "matching") >= DENSE * sumOf(own, "sagas"));
  return isDense
    ? [...byState.keys()].map((state) => ({ state, typeId: null }))
    : lanes.map(({ state, typeId }) => ({ state, typeId }));
}

function sumOf(lanes: readonly CountedLane[], of: "sagas" | "matching"): number {
  return lanes.reduce((all, lane) => all + lane[of], 0);
}

const placeSchema = z.object({
  sort: z.string(),
  state: z.number().int(),
  us: z.string().regex(/^-?\d{1,18}$/),
  id: z.uuid(),
  nowUs: z.string().regex(/^\d{1,18}$/),
});

function writePlace(row: SagaRow, { by, nowUs }: SagaOrder): string {
  const lastingUs = row.took_us ?? String(BigInt(nowUs) - BigInt(row.started_us));
  const us = { attention: row.since_us, newest: row.started_us, oldest: row.started_us, longest: lastingUs }[
    by
  ];
  const place: z.infer<typeof placeSchema> = { sort: by, state: row.state, us, id: row.id, nowUs };
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

function readPlace(text: string, sort: SagaSort): z.infer<typeof placeSchema> {
  const place = placeSchema.safeParse(parseJson(Buffer.from(text, "base64url").toString())).data;
  if (place?.sort === sort) return place;
  throw new AppError(
    "invalid",
    "`after` is not what a page of this sort has given. Leave it out to begin with the first page.",
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
