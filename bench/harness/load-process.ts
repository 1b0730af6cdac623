import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A process that makes load, so that the load does not share an event loop with what is measured or measures. */
export type LoadProcess<Job, Result> = {
  pid: number;
  /** One job at a time; rejects with what the process threw. */
  run: (job: Job) => Promise<Result>;
  stop: () => Promise<void>;
};

type Reply = { result: unknown } | { error: string };

/** Starts `bench/load/<name>.ts`, which calls `serveJobs`. It ends with this process at the latest. */
export function startLoad<Job extends object, Result>(
  name: string,
  signal: AbortSignal,
): LoadProcess<Job, Result> {
  const script = fileURLToPath(new URL(`../load/${name}.ts`, import.meta.url));
  const child = fork(script, { signal, killSignal: "SIGKILL" });
  child.on("error", () => {}); // an abort; `run` says it
  if (child.pid === undefined) throw new Error(`The load process ${name} did not start.`);
  let fail: (error: Error) => void = () => {};
  let succeed: (reply: Reply) => void = () => {};
  child.on("message", (reply: Reply) => succeed(reply));
  child.on("exit", (code) => fail(new Error(`The load process ${name} ended with exit code ${code}.`)));
  return {
    pid: child.pid,
    run: async (job) => {
      signal.throwIfAborted();
      const reply = await new Promise<Reply>((resolve, reject) => {
        succeed = resolve;
        fail = reject;
        child.send(job);
      }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw error;
      });
      if ("error" in reply) throw new Error(`${name}: ${reply.error}`);
      return reply.result as Result; // both ends are typed by the caller
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

/** The other end: answers each job in turn, and ends when the benchmark does. */
export function serveJobs<Job, Result>(work: (job: Job) => Promise<Result>): void {
  process.once("disconnect", () => process.exit(0));
  process.on("message", (job: Job) => {
    work(job).then(
      (result) => process.send?.({ result } satisfies Reply),
      (error: unknown) =>
        process.send?.({
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        } satisfies Reply),
    );
  });
}

/** Load goes to this machine only, whatever a benchmark was told. */
export function requireLoopback(url: string): URL {
  const target = new URL(url);
  if (target.hostname !== "127.0.0.1") {
    throw new Error(`Benchmarks load 127.0.0.1 only, not ${target.hostname}.`);
  }
  return target;
}
