import type { Sql } from "#drizzle/db.ts";
import { type DeliveryBin, listDeliveryBins } from "#drizzle/queries/topology-reading.ts";
import type { TopologyCtx } from "./topology-context.ts";
import type { TopologyWindow } from "./window.ts";

const MINUTE_MS = 60_000;
const BLOCK_MS = 10 * MINUTE_MS;
/** What ended so long ago hardly changes any more: a consumer that reports late is what may. */
const CLOSED_MS = 2 * MINUTE_MS;
/** For so long it is remembered all the same, and no longer. */
const REMEMBERED_MS = MINUTE_MS;
const MAX_REMEMBERED = 16;

type Remembered = { rows: Promise<DeliveryBin[]>; readAt: number };
const remembered = new WeakMap<Sql, Map<string, Remembered>>();

/**
 * The histograms of a window, in parts that add up. They are most of what a graph is read from, and a page that is
 * open asks for nearly the same again every few seconds: the whole blocks of minutes in the middle of the window are
 * read at most once a minute.
 */
export async function readDeliveryBins(
  { sql, clock }: TopologyCtx,
  window: TopologyWindow,
): Promise<DeliveryBin[]> {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const now = clock.now().getTime();
  const first = Math.ceil(from / BLOCK_MS) * BLOCK_MS;
  const last = Math.floor(Math.min(to, now - CLOSED_MS) / BLOCK_MS) * BLOCK_MS;
  if (last <= first) return listDeliveryBins(sql, window);
  const parts = await Promise.all([
    listBetween(sql, from, first),
    remember(sql, { first, last, now }),
    listBetween(sql, last, to),
  ]);
  return parts.flat();
}

async function listBetween(sql: Sql, from: number, to: number): Promise<DeliveryBin[]> {
  if (from === to) return [];
  return listDeliveryBins(sql, { from: new Date(from).toISOString(), to: new Date(to).toISOString() });
}

function remember(
  sql: Sql,
  { first, last, now }: { first: number; last: number; now: number },
): Promise<DeliveryBin[]> {
  const known = remembered.get(sql) ?? new Map<string, Remembered>();
  remembered.set(sql, known);
  const key = `${first}/${last}`;
  const found = known.get(key);
  if (found && now - found.readAt < REMEMBERED_MS) return found.rows;
  const rows = listBetween(sql, first, last);
  known.delete(key);
  known.set(key, { rows, readAt: now });
  const [oldest] = known.keys();
  if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest);
  // A failure is told to who asked, and is not what the next one gets.
  rows.catch(() => known.delete(key));
  return rows;
}
