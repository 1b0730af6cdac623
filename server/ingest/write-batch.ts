import type { Sql } from "#drizzle/db.ts";
import { appendNewEvents } from "#drizzle/queries/event-writing.ts";
import { isSameContent } from "#server/domain/envelope/compare.ts";
import { listEnvelopes } from "../events/envelopes.ts";
import { type Claim, StoredIdentities } from "../identities/stored-identities.ts";
import type { NameCache } from "../names/name-cache.ts";
import { wantedNames } from "../names/wanted-names.ts";
import type { WriteOutcome } from "./append-outcome.ts";
import type { IngestEvent } from "./ingest-event.ts";

/** Without anything decided in between. */
const MAX_TRIES = 8;
/** Stored events that are read back at once, payloads and all, to be compared. */
const COMPARED_AT_ONCE = 500;

/** What became of each event of a batch, by its index; filled as it is decided. */
type Outcomes = (WriteOutcome | undefined)[];

/**
 * Makes the writer of the write buffer: one transaction for a batch when every event is new, as is nearly always known
 * without asking. Those that may be known already are looked at behind it: duplicates and conflicts are set aside, and
 * what is new all the same is stored.
 */
export function createBatchWriter(sql: Sql, names: NameCache, identities = new StoredIdentities(sql)) {
  return async function writeBatch(events: IngestEvent[]): Promise<WriteOutcome[]> {
    const outcomes: Outcomes = new Array(events.length);
    /** Of each event, up to where it is known that it is not among the newest. */
    const checkedTo: number[] = new Array(events.length).fill(0);
    let open = events.map((_, index) => index);
    for (let tries = 0; open.length > 0; ) {
      const wanted = {
        identities: identitiesOf(open),
        checkedTo: open.map((index) => checkedTo[index] ?? 0),
      };
      const [claim] = await identities.claim([wanted]);
      if (claim === undefined) neverDecided();
      const fresh = claim.fresh.map((place) => at(open, place));
      const suspects = claim.suspects.map((place) => at(open, place));
      const failure = fresh.length === 0 ? null : await store(fresh, claim);
      tries = failure === null ? 0 : tries + 1;
      if (tries >= MAX_TRIES) throw failure;
      if (claim.taken.size > 0) await setAside(open, claim.taken);
      if (suspects.length > 0) await decide(suspects);
      open = open.filter((index) => outcomes[index] === undefined);
    }
    return outcomes.map((outcome) => outcome ?? neverDecided());

    /** @returns what it failed of, if it can be tried again. */
    async function store(fresh: number[], claim: Claim): Promise<unknown> {
      try {
        const batch = fresh.map((index) => at(events, index));
        const ids = await names.ensure(wantedNames(batch.map(({ event }) => event)));
        const first = await appendNewEvents(sql, batch, ids, claim.known);
        claim.settle(first);
        for (const [offset, index] of fresh.entries()) {
          outcomes[index] = { kind: "accepted", position: String(first + offset) };
        }
        return null;
      } catch (error) {
        claim.giveUp(error);
        await identities.recover(error);
        return error;
      }
    }

    async function decide(suspects: number[]): Promise<void> {
      const looked = await identities.listTakenSince(identitiesOf(suspects));
      await setAside(suspects, looked.taken);
      for (const index of suspects) checkedTo[index] = looked.checkedTo;
    }

    function identitiesOf(indexes: number[]): string[] {
      return indexes.map((index) => at(events, index).identity);
    }

    /** Decides duplicate or conflict for every event whose identity is taken. */
    async function setAside(indexes: number[], taken: ReadonlyMap<string, string>): Promise<void> {
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
    }
  };
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

function at<T>(list: readonly T[], index: number): T {
  const one = list[index];
  if (one === undefined) throw new RangeError(`Index ${index} is outside the batch.`);
  return one;
}

function neverDecided(): never {
  throw new Error("An event of the batch was left without an outcome.");
}
