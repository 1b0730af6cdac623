import type { Benchmark } from "./harness/benchmark.ts";
import { measureLists, measureRecognition } from "./saga-lists.ts";
import { measureTracePage } from "./trace-page.ts";
import { measureTraces } from "./traces.ts";

/** Lists of sagas, what recognising them costs those who send events in, and the traces of flows, over the API and in a browser. */
export const sagas: Benchmark = {
  name: "sagas",
  limitMs: 1_500_000,
  run: async (bench) => [
    ...(await measureLists(bench)),
    ...(await measureRecognition(bench)),
    ...(await measureTraces(bench)),
    ...(await measureTracePage(bench)),
  ],
};
