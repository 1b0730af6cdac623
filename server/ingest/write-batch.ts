import type { Sql } from "#drizzle/db.ts";
import {
  appendNewEvents,
  ensureEventPartitions,
  listTakenIdentities,
} from "#drizzle/queries/event-writing.ts";
import { isSameContent } from "#server/domain/envelope/compare.ts";
import { listEnvelopes } from "../events/envelopes.ts";
import type { NameCache } from "../names/name-cache.ts";
import { wantedNames } from "../names/wanted-names.ts";
import type { AppendOutcome } from "./append-outcome.ts";
import type { IngestEvent } from "./ingest-event.ts";

const UNIQUE_VIOLATION = "23505";
const NO_PARTITION = "23514";
const SERIALIZATION = new Set(["40001", "40P01"]);
const MAX_TRIES = 8;

/**
 * Makes the writer of the write buffer: one transaction for a batch, written straight when every event is new. Only
 * when an identity turns out to be taken does it look closer, set aside duplicates and conflicts, and try again.
 */
export function createBatchWriter(sql: Sql, names: NameCache) {
  return async function writeBatch(events: IngestEvent[]): Promise<AppendOutcome[]> {
    const outcomes = new Array<AppendOutcome | undefined>(events.length);
    const first = new Map<string, number>();
    const repeats: number[] = [];
    let fresh: number[] = [];
    for (const [index, one] of events.entries()) {
      if (first.has(one.identity)) repeats.push(index);
      else {
        first.set(one.identity, index);
        fresh.push(index);
      }
    }

    for (let tries = 1; fresh.length > 0; tries += 1) {
      try {
        const batch = fresh.map((index) => at(events, index));
        const start = await appendFresh(sql, names, batch);
        for (const [offset, index] of fresh.entries()) {
          outcomes[index] = { kind: "accepted", position: String(start + offset) };
        }
        break;
      } catch (error) {
        if (tries >= MAX_TRIES) throw error;
        const code = sqlState(error);
        if (code === UNIQUE_VIOLATION) fresh = await setAsideTaken(sql, names, events, fresh, outcomes);
        else if (code === NO_PARTITION) await ensureEventPartitions(sql);
        else if (!SERIALIZATION.has(code)) throw error;
      }
    }

    for (const index of repeats) {
      const original = first.get(at(events, index).identity) ?? index;
      outcomes[index] = outcomeOfRepeat(at(events, original), at(events, index), outcomes[original]);
    }
    return outcomes.map((outcome) => outcome ?? neverDecided());
  };
}

async function appendFresh(sql: Sql, names: NameCache, events: IngestEvent[]): Promise<number> {
  const ids = await names.ensure(wantedNames(events.map(({ event }) => event)));
  return appendNewEvents(sql, events, ids);
}

/** Decides duplicate or conflict for every event whose identity is taken, and gives the indexes of the others. */
async function setAsideTaken(
  sql: Sql,
  names: NameCache,
  events: IngestEvent[],
  fresh: number[],
  outcomes: (AppendOutcome | undefined)[],
): Promise<number[]> {
  const taken = await listTakenIdentities(
    sql,
    fresh.map((index) => at(events, index).identity),
  );
  const stored = await listEnvelopes(sql, names, [...taken.values()]);
  return fresh.filter((index) => {
    const { identity, event } = at(events, index);
    const position = taken.get(identity);
    if (position === undefined) return true;
    const original = stored.get(position);
    // Without its row (a partition that retention has just dropped) there is nothing to differ from.
    const isSame = original === undefined || isSameContent(original, event);
    outcomes[index] = { kind: isSame ? "duplicate" : "conflict", position };
    return false;
  });
}

function outcomeOfRepeat(
  original: IngestEvent,
  repeat: IngestEvent,
  outcome: AppendOutcome | undefined,
): AppendOutcome {
  const position = outcome?.position ?? "0";
  return { kind: isSameContent(original.event, repeat.event) ? "duplicate" : "conflict", position };
}

function sqlState(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function at<T>(list: readonly T[], index: number): T {
  const one = list[index];
  if (one === undefined) throw new RangeError(`Index ${index} is outside the batch.`);
  return one;
}

function neverDecided(): never {
  throw new Error("An event of the batch was left without an outcome.");
}
