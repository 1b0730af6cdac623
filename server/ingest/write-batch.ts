import type { Sql } from "#drizzle/db.ts";
import { appendNewEvents, ensureEventPartitions, SEALED_SINCE } from "#drizzle/queries/event-writing.ts";
import { isSameContent } from "#server/domain/envelope/compare.ts";
import { listEnvelopes } from "../events/envelopes.ts";
import { StoredIdentities } from "../identities/stored-identities.ts";
import type { NameCache } from "../names/name-cache.ts";
import { wantedNames } from "../names/wanted-names.ts";
import type { WriteOutcome } from "./append-outcome.ts";
import type { IngestEvent } from "./ingest-event.ts";

const UNIQUE_VIOLATION = "23505";
const NO_PARTITION = "23514";
const SERIALIZATION = new Set(["40001", "40P01"]);
/** Without anything decided in between. */
const MAX_TRIES = 8;
/** Stored events that are read back at once, payloads and all, to be compared. */
const COMPARED_AT_ONCE = 500;

/** What became of each event of a batch, by its index; filled as it is decided. */
type Outcomes = (WriteOutcome | undefined)[];

/**
 * Makes the writer of the write buffer: one transaction for a batch, written straight when every event is new. Only
 * when an identity turns out to be taken does it look closer, set aside duplicates and conflicts, and try again.
 */
export function createBatchWriter(sql: Sql, names: NameCache, identities = new StoredIdentities(sql)) {
  return async function writeBatch(events: IngestEvent[]): Promise<WriteOutcome[]> {
    const outcomes: Outcomes = new Array(events.length);
    const { firsts, repeats } = splitRepeats(events);
    await storeAll(firsts);
    // Their identities are taken by now: they are decided by what is stored, like any that come later.
    await storeAll(repeats);
    return outcomes.map((outcome) => outcome ?? neverDecided());

    async function storeAll(indexes: number[]): Promise<void> {
      let fresh = indexes;
      let tries = 0;
      while (fresh.length > 0) {
        const knownTo = identities.sealedTo;
        const sealed = await identities.listSealed(identitiesOf(fresh));
        if (sealed.size > 0) fresh = await setAside(fresh, sealed);
        if (fresh.length === 0) return;
        try {
          const batch = fresh.map((index) => at(events, index));
          const start = await appendFresh(sql, names, batch, knownTo);
          for (const [offset, index] of fresh.entries()) {
            outcomes[index] = { kind: "accepted", position: String(start + offset) };
          }
          return;
        } catch (error) {
          tries += 1;
          if (tries >= MAX_TRIES) throw error;
          const code = sqlState(error);
          if (code === UNIQUE_VIOLATION) {
            const left = await setAside(fresh, await identities.listTaken(identitiesOf(fresh)));
            // Whoever comes closer to the end goes on, however many others write the same events.
            if (left.length < fresh.length) tries = 0;
            fresh = left;
          } else if (code === SEALED_SINCE) await identities.refresh();
          else if (code === NO_PARTITION) await ensureEventPartitions(sql);
          else if (!SERIALIZATION.has(code)) throw error;
        }
      }
    }

    function identitiesOf(indexes: number[]): string[] {
      return indexes.map((index) => at(events, index).identity);
    }

    /** Decides duplicate or conflict for every event whose identity is taken, and gives the indexes of the others. */
    async function setAside(indexes: number[], taken: ReadonlyMap<string, string>): Promise<number[]> {
      const known = indexes.filter((index) => taken.has(at(events, index).identity));
      for (let from = 0; from < known.length; from += COMPARED_AT_ONCE) {
        const some = known.slice(from, from + COMPARED_AT_ONCE);
        const compared = await compareStored(
          sql,
          names,
          some.map((index) => at(events, index)),
          taken,
        );
        for (const [place, index] of some.entries()) outcomes[index] = compared[place];
      }
      return indexes.filter((index) => outcomes[index] === undefined);
    }
  };
}

/** The indexes of the events whose identity comes up for the first time in the batch, and of the others. */
function splitRepeats(events: readonly IngestEvent[]): { firsts: number[]; repeats: number[] } {
  const seen = new Set<string>();
  const firsts: number[] = [];
  const repeats: number[] = [];
  for (const [index, { identity }] of events.entries()) {
    (seen.has(identity) ? repeats : firsts).push(index);
    seen.add(identity);
  }
  return { firsts, repeats };
}

async function appendFresh(
  sql: Sql,
  names: NameCache,
  events: IngestEvent[],
  knownTo: number,
): Promise<number> {
  const ids = await names.ensure(wantedNames(events.map(({ event }) => event)));
  return appendNewEvents(sql, events, ids, knownTo);
}

/** What becomes of events whose identities are taken. */
async function compareStored(
  sql: Sql,
  names: NameCache,
  events: readonly IngestEvent[],
  taken: ReadonlyMap<string, string>,
): Promise<WriteOutcome[]> {
  const positions = events.map(({ identity }) => taken.get(identity) ?? neverDecided());
  const stored = await listEnvelopes(sql, names, [...new Set(positions)]);
  return events.map(({ event }, place) => {
    const position = at(positions, place);
    const original = stored.get(position);
    // Without its row (a partition that retention has just dropped) there is nothing to differ from.
    const isSame = original === undefined || isSameContent(original, event);
    return { kind: isSame ? "duplicate" : "conflict", position };
  });
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
