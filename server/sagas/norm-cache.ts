import type { SqlTx } from "#drizzle/db.ts";
import { listMapSteps, listMapVersions } from "#drizzle/queries/saga-knowledge.ts";
import { EMPTY_MAP, mergeMaps, type ProcessMap } from "#server/domain/sagas/process-map.ts";
import type { SagaNorms } from "#server/domain/sagas/saga-norms.ts";
import type { Clock } from "#server/platform/clock.ts";

const KEPT_MS = 30_000;
/** So many hours in which sagas of the type began say how its steps normally go. */
export const NORM_HOURS = 24;

type Norms = { atMs: number; hours: Map<number, { version: number; map: ProcessMap }>; norms: SagaNorms };

/** How the steps of each type went in the sagas of its last hours that have ended; some seconds old. */
export class NormCache {
  readonly #clock: Clock;
  readonly #types = new Map<string, Norms>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async load(tx: SqlTx, types: Iterable<string>): Promise<(type: string) => SagaNorms> {
    const nowMs = this.#clock.elapsedMs();
    const isStale = (type: string) => nowMs - (this.#types.get(type)?.atMs ?? -Infinity) >= KEPT_MS;
    const stale = [...new Set(types)].filter(isStale);
    if (stale.length > 0) await this.#read(tx, stale, nowMs);
    return (type) => this.#types.get(type)?.norms ?? {};
  }

  async #read(tx: SqlTx, types: readonly string[], nowMs: number): Promise<void> {
    const versions = await listMapVersions(tx, { types, hours: NORM_HOURS });
    const changed = versions.filter(
      ({ type, hour_us, version }) => this.#types.get(type)?.hours.get(hour_us)?.version !== version,
    );
    const fresh = new Map<string, ProcessMap>();
    for (const { type, hour_us, steps } of changed.length === 0 ? [] : await listMapSteps(tx, changed)) {
      // Written by the recognition.
      fresh.set(`${hour_us} ${type}`, { ...EMPTY_MAP, steps: steps as ProcessMap["steps"] });
    }
    const byType = Map.groupBy(versions, ({ type }) => type);
    for (const type of types) {
      const known = this.#types.get(type)?.hours;
      const hours = new Map(
        (byType.get(type) ?? []).map(({ hour_us, version }) => {
          const map = fresh.get(`${hour_us} ${type}`) ?? known?.get(hour_us)?.map ?? EMPTY_MAP;
          return [hour_us, { version, map }] as const;
        }),
      );
      const whole = [...hours.values()].reduce((all, { map }) => mergeMaps(all, map), EMPTY_MAP);
      this.#types.set(type, { atMs: nowMs, hours, norms: whole.steps });
    }
  }
}
