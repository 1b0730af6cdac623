import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type ConnectOptions, connect } from "#drizzle/db.ts";
import { AppError, messageOf } from "../errors.ts";
import type { PostgresProcess } from "./process.ts";

type Waiting = {
  database: ConnectOptions;
  process: PostgresProcess;
  logFile: string;
  /** Aborted when Postgres is not wanted any more. */
  ending: AbortSignal;
  onProgress: (step: string) => void;
};

const POLL_MS = 50;
/** How long a Postgres may neither answer nor say that it is starting. */
const SILENCE_MS = 60_000;
const SLOW_START_MS = 3_000;
const SHOWN_LOG_LINES = 5;

/** Postgres ended before it took connections. */
export class EarlyEnd extends AppError {}

/** Waits until it takes connections: as long as it says that it is on the way there. */
export async function waitUntilReady({
  database,
  process,
  logFile,
  ending,
  onProgress,
}: Waiting): Promise<void> {
  let end: string | null = null;
  void process.ended.then((how) => {
    end = how;
  });
  const startedAt = performance.now();
  let heardAt = startedAt;
  let isSlow = false;
  for (;;) {
    const answer = await tryConnection(database);
    if (answer.kind === "ready") return;
    if (ending.aborted) throw new AppError("unavailable", "The server is stopping.");
    if (answer.kind === "refused") throw refused(process.pid, answer.reason);
    if (end !== null) throw new EarlyEnd("unavailable", await describeEnd(end, logFile, process.logStart));

    const now = performance.now();
    if (answer.kind === "on-the-way") heardAt = now;
    if (now - heardAt > SILENCE_MS) throw silent(process.pid, logFile, answer.reason);
    if (!isSlow && now - startedAt > SLOW_START_MS) {
      isSlow = true;
      onProgress("Waiting for Postgres, which repairs its data when it was not shut down");
    }
    await sleep(POLL_MS);
  }
}

type Answer = { kind: "ready" } | { kind: "on-the-way" | "refused" | "silent"; reason: string };

const CANNOT_CONNECT_NOW = "57P03";
const INVALID_PASSWORD = "28P01";

async function tryConnection(database: ConnectOptions): Promise<Answer> {
  const { sql, close } = connect(database, { max: 1, connect_timeout: 5 });
  try {
    await sql`select 1`;
    return { kind: "ready" };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const reason = messageOf(error);
    if (code === CANNOT_CONNECT_NOW) return { kind: "on-the-way", reason };
    return { kind: code === INVALID_PASSWORD ? "refused" : "silent", reason };
  } finally {
    await close();
  }
}

async function describeEnd(how: string, logFile: string, logStart: number): Promise<string> {
  const written = (await readFile(logFile).catch(() => Buffer.alloc(0))).subarray(logStart).toString("utf8");
  const lines = written.split("\n").filter((line) => /FATAL|PANIC|ERROR|HINT|error/.test(line));
  const shown = lines.slice(-SHOWN_LOG_LINES).map((line) => `\n  ${line}`);
  return `Postgres did not start: ${how}. It wrote to ${logFile}:${shown.join("") || " nothing"}`;
}

function refused(pid: number, reason: string): AppError {
  return new AppError(
    "unavailable",
    `The Postgres of this data folder (pid ${pid}) refuses our password: ${reason}. ` +
      "The file postgres.password belongs to the folder postgres: restore both from the same backup.",
  );
}

function silent(pid: number, logFile: string, reason: string): AppError {
  return new AppError(
    "unavailable",
    `Postgres (pid ${pid}) runs but does not answer: ${reason}. ` +
      `See ${logFile}; stop it with \`kill -INT ${pid}\` and start the server again.`,
  );
}
