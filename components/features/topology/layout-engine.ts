import type { Layout } from "#components/ui/graph/layered-layout.ts";
import { layOutInLayers } from "#components/ui/graph/layout-engine.ts";
import type { Place } from "#components/ui/graph/neighbours.ts";
import type { Scene } from "./scene.ts";
import { MAX_LAYERED_EDGES, toLayeredGraph } from "./to-layered-graph.ts";

export type ColumnRequest = { id: number; scene: Scene };
export type ColumnAnswer = { id: number; places: ReadonlyMap<string, Place> };

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
    const layout = await layOutInLayers(toLayeredGraph(scene));
    if (layout !== null) return layout;
  }
  return { places: await layOutByColumns(scene), routes: new Map(), labels: new Map() };
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
