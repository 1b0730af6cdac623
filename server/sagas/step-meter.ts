import { valueOfBin } from "#server/domain/log-histogram.ts";
import type { ProcessMap } from "#server/domain/sagas/process-map.ts";
import { ByLabel, TimeMeter } from "#server/platform/meters.ts";
import { stepName } from "./saga-numbers.ts";

const SEPARATOR = "\n";

/** How long the steps of sagas took that this process saw end. Told of each saga once, when it has ended. */
export class StepMeter {
  readonly #lanes = new ByLabel(() => new TimeMeter());

  note(saga: string, { steps }: Pick<ProcessMap, "steps">): void {
    for (const [key, { took }] of Object.entries(steps)) {
      const meter = this.#lanes.of(`${saga}${SEPARATOR}${stepName(key)}`);
      for (const [bin, count] of Object.entries(took)) meter.add(valueOfBin(Number(bin)) / 1e6, count);
    }
  }

  entries(): { saga: string; step: string; times: TimeMeter }[] {
    return this.#lanes.entries().map(([key, times]) => {
      const [saga = "", step = saga] = key.split(SEPARATOR);
      return { saga, step, times };
    });
  }
}
