import type { Death } from "#drizzle/queries/dead-letters.ts";
import { STATUS } from "#drizzle/queries/delivery-settling.ts";
import { errorText } from "#server/domain/error-record.ts";
import { nowUs } from "./attempt.ts";
import type { Settlement } from "./settlement.ts";

/** The deliveries among these that used up their attempts. */
export function deathsOf(settlements: readonly Settlement[]): Death[] {
  return settlements.flatMap(({ record, result }): Death[] => {
    if (record?.status !== STATUS.dead || result.kind !== "failed") return [];
    return [
      {
        position: record.position,
        generation: record.generation,
        diedAtUs: record.settledAtUs ?? nowUs(),
        message: errorText(result.error),
        attempts: record.attempts,
      },
    ];
  });
}
