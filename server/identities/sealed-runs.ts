import type { Sql } from "#drizzle/db.ts";
import { listRuns, listSealedIdentities, readFilter, type Suspect } from "#drizzle/queries/identity-runs.ts";
import { highBits, IdentityFilter, lowBits } from "#server/domain/identity-filter.ts";

type KnownRun = { last: number; filter: IdentityFilter };

/** Which identities stand in sealed runs, as this process can tell: of each run that it knows it keeps a filter in memory. */
export class SealedRuns {
  readonly #sql: Sql;
  #runs: readonly KnownRun[] = [];
  #sealedTo = 0;
  #loading: Promise<void> | null = null;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The position up to which runs are known here. An append names it as it was before `listTaken` was asked. */
  get sealedTo(): number {
    return this.#sealedTo;
  }

  /** Which of these identities stand in runs that are known, and at which positions. Asks the database for few. */
  async listTaken(identities: readonly string[]): Promise<Map<string, string>> {
    if (this.#runs.length === 0) return new Map();
    const suspects = this.#suspect(identities);
    return suspects.length === 0 ? new Map() : listSealedIdentities(this.#sql, suspects);
  }

  /** Loads the filters of runs that were sealed, and forgets those of runs that are gone, up to the moment of the call. */
  async refresh(): Promise<void> {
    // What is being loaded may have begun before the run that this call is about.
    while (this.#loading !== null) await this.#loading.catch(() => {});
    this.#loading = this.#load().finally(() => {
      this.#loading = null;
    });
    await this.#loading;
  }

  async #load(): Promise<void> {
    const known = new Map(this.#runs.map((run) => [run.last, run]));
    const runs: KnownRun[] = [];
    const all = await listRuns(this.#sql);
    for (const last of all) {
      const run = known.get(last) ?? (await this.#loadRun(last));
      if (run !== null) runs.push(run);
    }
    this.#runs = runs;
    this.#sealedTo = Math.max(this.#sealedTo, all.at(-1) ?? 0);
  }

  async #loadRun(last: number): Promise<KnownRun | null> {
    const bytes = await readFilter(this.#sql, last);
    return bytes === null ? null : { last, filter: new IdentityFilter(bytes) };
  }

  #suspect(identities: readonly string[]): Suspect[] {
    const suspects: Suspect[] = [];
    for (const identity of identities) {
      const [high, low] = [highBits(identity), lowBits(identity)];
      for (const { last, filter } of this.#runs) {
        if (filter.mayHave(high, low)) suspects.push({ run: last, identity });
      }
    }
    return suspects;
  }
}
