import type { LetterStatusNumber } from "#drizzle/queries/dead-letters.ts";
import type { CaseDelta } from "#drizzle/queries/failure-cases.ts";
import { DEAD_LETTER_STATUSES } from "#server/domain/dead-letter.ts";

/** Sums up by how much the counters of cases change. */
export class CaseDeltas {
  readonly #deltas = new Map<number, CaseDelta>();

  add(caseId: number, status: LetterStatusNumber, letters: number): void {
    const name = DEAD_LETTER_STATUSES[status];
    if (name !== undefined) this.#of(caseId)[name] += letters;
  }

  addDeath(caseId: number): void {
    this.#of(caseId).deaths += 1;
  }

  /** In the order of the cases. */
  list(): CaseDelta[] {
    return [...this.#deltas.values()].toSorted((a, b) => a.id - b.id);
  }

  #of(id: number): CaseDelta {
    const known = this.#deltas.get(id);
    if (known) return known;
    const fresh = { id, deaths: 0, parked: 0, replaying: 0, resolved: 0, discarded: 0 };
    this.#deltas.set(id, fresh);
    return fresh;
  }
}
