import { Worker } from "node:worker_threads";
import type { FieldComparison } from "#server/domain/failures/distinguishing-fields.ts";
import { AppError } from "#server/platform/errors.ts";
import { Limiter } from "../bus/limiter.ts";

const LONGEST_MS = 20_000;
/** One comparison at a time takes one core; the others wait. */
const limiter = new Limiter(1);

/** What failing payloads have in common and succeeding ones don't. Throws `unavailable` when it takes too long. */
export function compareFields(payloads: {
  failing: readonly string[];
  succeeding: readonly string[];
}): Promise<FieldComparison> {
  return limiter.run(
    () =>
      new Promise((resolve, reject) => {
        const worker = new Worker(new URL("./compare-fields.worker.ts", import.meta.url), {
          workerData: payloads,
          env: {},
        });
        const late = setTimeout(() => {
          const message = "The payloads of this case could not be compared in time. Ask again in a moment.";
          reject(new AppError("unavailable", message, { retryAfterSeconds: 10 }));
          void worker.terminate();
        }, LONGEST_MS);
        worker.once("message", (comparison: FieldComparison) => resolve(comparison));
        worker.once("error", reject);
        worker.once("exit", () => {
          clearTimeout(late);
          reject(new Error("The comparison of payloads ended without a result."));
        });
      }),
  );
}
