import type { Benchmark } from "./harness/benchmark.ts";
import { measureTraces } from "./traces.ts";

/** Sagas and the traces of flows. */
export const sagas: Benchmark = {
  name: "sagas",
  limitMs: 900_000,
  run: async (bench) => await measureTraces(bench),
};
