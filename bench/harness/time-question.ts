import { percentile } from "./percentile.ts";

/** The 95th percentile, in ms, of the answers to one question. */
export async function timeQuestion(
  url: string,
  path: (turn: number) => string,
  { times, signal }: { times: number; signal: AbortSignal },
): Promise<number> {
  const took: number[] = [];
  for (let turn = 0; turn < times + 5; turn += 1) {
    const startedAt = performance.now();
    const response = await fetch(`${url}${path(turn)}`, { signal });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${path(turn)} was answered with ${response.status}.`);
    // The first ones warm up.
    if (turn >= 5) took.push(performance.now() - startedAt);
  }
  return percentile(took, 0.95);
}
