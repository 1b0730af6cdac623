/** Next gives an error of the server a digest, by which the log knows it; null for any other error. */
export function readDigest(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("digest" in error)) return null;
  return typeof error.digest === "string" ? error.digest : null;
}
