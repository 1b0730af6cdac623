import ELK, { type ELK as Engine } from "elkjs/lib/elk-api.js";
import { fromElkGraph, type LayeredGraph, type Layout, toElkGraph } from "./layered-layout.ts";

/** A graph that the engine cannot unravel in this time gets a plainer picture. Loading the engine is not counted. */
const ENGINE_LIMIT_MS = 15_000;

let engine: Engine | undefined;

/** Lays a graph out in a worker that serves the whole tab; null where that would take too long. */
export async function layOutInLayers(graph: LayeredGraph): Promise<Layout | null> {
  engine ??= new ELK({
    workerFactory: () => new Worker(new URL("./elk-worker.ts", import.meta.url), { type: "module" }),
  });
  const used = engine;
  await used.knownLayoutAlgorithms();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ENGINE_LIMIT_MS);
  });
  const answer = await Promise.race([used.layout(toElkGraph(graph)), limit]);
  clearTimeout(timer);
  if (answer !== null) return fromElkGraph(answer);
  // It would go on for minutes, and keep everything after this waiting.
  used.terminateWorker();
  if (engine === used) engine = undefined;
  return null;
}
