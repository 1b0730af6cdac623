import type { BenchRow } from "./rows.ts";
import type { BenchServer, ServerOptions } from "./server.ts";

export type BenchContext = {
  /** Less data and shorter rounds: to see that it works, not to quote. */
  isQuick: boolean;
  /** Starts a server with an empty database for this benchmark; it is stopped when the benchmark ends. */
  startServer: (options: ServerOptions) => Promise<BenchServer>;
  /** Says in a line what is being done. */
  say: (what: string) => void;
  /** Aborted when the time is up or the run is interrupted. */
  signal: AbortSignal;
};

export type Benchmark = {
  /** What it is called on the command line. */
  name: string;
  /** After so long it is given up. */
  limitMs: number;
  run: (bench: BenchContext) => Promise<BenchRow[]>;
};
