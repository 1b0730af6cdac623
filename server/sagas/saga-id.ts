import { createHash } from "node:crypto";
import type { Correlation } from "#server/domain/sagas/correlate.ts";

/** The id of a saga: the same for the same flow and subject wherever it is recognised. */
export function sagaId({ by, value }: Correlation, subject: string | null): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([by, value, subject]))
    .digest("hex");
  // A UUID of version 8: made in a way of our own.
  const variant = "89ab"[Number.parseInt(digest[16] ?? "0", 16) % 4];
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join("-");
}
