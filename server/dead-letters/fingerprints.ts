import { setImmediate } from "node:timers/promises";
import type { ErrorRecord } from "#server/domain/error-record.ts";
import {
  fingerprintOf,
  type NormalizedError,
  normalizeError,
} from "#server/domain/failures/normalize-error.ts";

export type Fingerprint = { fingerprint: string; error: NormalizedError };

const MAX_KEPT = 2_000;
/** Other work of the process has its turn after so many errors, each of which takes up to a millisecond. */
const AT_ONCE = 10;

/** Remembers the fingerprints of the errors that came last: when masses fail, most fail with the same words. */
export class Fingerprints {
  readonly #kept = new Map<string, Fingerprint>();
  #computed = 0;

  find(key: string): Fingerprint | null {
    const known = this.#kept.get(key);
    if (known === undefined) return null;
    this.#kept.delete(key);
    this.#kept.set(key, known);
    return known;
  }

  async compute(
    key: string,
    { consumer, type, error }: { consumer: string; type: string; error: ErrorRecord },
  ): Promise<Fingerprint> {
    this.#computed += 1;
    if (this.#computed % AT_ONCE === 0) await setImmediate();
    const made = { fingerprint: fingerprintOf({ consumer, type, error }), error: normalizeError(error) };
    this.#kept.set(key, made);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return made;
  }
}
