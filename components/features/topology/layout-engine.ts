import ELK, { type ELK as Engine } from "elkjs/lib/elk-api.js";
import { fromElkGraph, type Layout, MAX_LAYERED_EDGES, toElkGraph } from "./layered-layout.ts";
import type { Place } from "./neighbours.ts";
import type { Scene } from "./scene.ts";

export type ColumnRequest = { id: number; scene: Scene };
export type ColumnAnswer = { id: number; places: ReadonlyMap<string, Place> };

/** A graph that the engine cannot unravel in this time gets the plain picture. Loading the engine is not counted. */
const ENGINE_LIMIT_MS = 15_000;

let engine: Engine | undefined;
let columns: Worker | undefined;
let lastRequest = 0;

/** Lays a scene out in a worker, so that the page goes on answering. Workers serve the whole tab. */
export async function layOutInWorker(scene: Scene): Promise<Layout> {
  const start = performance.now();
  const layout = await layOut(scene);
  // For the browser's profiler, and for the benchmark.
  performance.measure("topology.layout", { start });
  return layout;
}

async function layOut(scene: Scene): Promise<Layout> {
  if (scene.edges.length <= MAX_LAYERED_EDGES) {
    const layout = await layOutInLayers(scene);
    if (layout !== null) return layout;
  }
  return { places: await layOutByColumns(scene), routes: new Map() };
}

async function layOutInLayers(scene: Scene): Promise<Layout | null> {
  engine ??= new ELK({
    workerFactory: () => new Worker(new URL("./elk-worker.ts", import.meta.url), { type: "module" }),
  });
  const used = engine;
  await used.knownLayoutAlgorithms();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ENGINE_LIMIT_MS);
  });
  const answer = await Promise.race([used.layout(toElkGraph(scene)), limit]);
  clearTimeout(timer);
  if (answer !== null) return fromElkGraph(answer);
  // It would go on for minutes, and keep everything after this waiting.
  used.terminateWorker();
  if (engine === used) engine = undefined;
  return null;
}

function layOutByColumns(scene: Scene): Promise<ReadonlyMap<string, Place>> {
  columns ??= new Worker(new URL("./column-worker.ts", import.meta.url), { type: "module" });
  const worker = columns;
  lastRequest += 1;
  const request: ColumnRequest = { id: lastRequest, scene };
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    worker.addEventListener(
      "message",
      ({ data }: MessageEvent<ColumnAnswer>) => {
        if (data.id !== request.id) return;
        stop.abort();
        resolve(data.places);
      },
      { signal: stop.signal },
    );
    worker.addEventListener(
      "error",
      ({ message }) => {
        stop.abort();
        reject(new Error(`The picture could not be laid out: ${message}`));
      },
      { signal: stop.signal },
    );
    worker.postMessage(request);
  });
}
