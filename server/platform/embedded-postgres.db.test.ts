import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ConnectOptions, connect } from "#drizzle/db.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { createLog } from "./log.ts";

const POLL = { timeout: 60_000, interval: 50 };

let dataDir: string;
let logged: string[];
let undo: (() => Promise<unknown>)[];

beforeEach(async () => {
  logged = [];
  undo = [];
  const parent = await mkdtemp(path.join(os.tmpdir(), "nagare-data-"));
  await chmod(parent, 0o700);
  dataDir = path.join(parent, "data");
  undo.push(() => rm(parent, { recursive: true, force: true }));
});

afterEach(async () => {
  for (const step of undo.reverse()) await step();
});

async function start(): Promise<EmbeddedPostgres> {
  const log = createLog({
    level: "info",
    format: "json",
    destination: { write: (line) => logged.push(line) },
  });
  const database = await startEmbeddedPostgres({ dataDir, log, isDurable: false });
  undo.push(() => database.stop());
  return database;
}

/** A server in a process of its own, which can be killed. */
async function startElsewhere(): Promise<ChildProcess> {
  const script = `
    import { startEmbeddedPostgres } from "#server/platform/embedded-postgres.ts";
    import { createLog } from "#server/platform/log.ts";
    const log = createLog({ level: "silent", format: "json" });
    const database = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log, isDurable: false });
    await database.announce("http://127.0.0.1:3999");
    process.once("SIGTERM", () => database.stop().then(() => process.exit(0)));
    console.log("started");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  undo.push(() => end(child, "SIGTERM"));
  await once(child.stdout, "data");
  return child;
}

async function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, "exit");
}

async function query(options: ConnectOptions, statement: string): Promise<unknown[]> {
  const { sql, close } = connect(options, { max: 1 });
  try {
    return await sql.unsafe(statement);
  } finally {
    await close();
  }
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(path.join(dataDir, "postgres/postmaster.pid"), "utf8")).split("\n")[0]);
}

test("what was written is there after a stop and a start", async () => {
  const first = await start();
  await query(first.options, "create table notes as select 'kept' as note");
  await first.stop();

  const second = await start();
  expect(await query(second.options, "select note from notes")).toEqual([{ note: "kept" }]);
});

test("the password is for the owner of the data only, and nobody gets in without it", async () => {
  const { options } = await start();
  expect((await stat(path.join(dataDir, "postgres.password"))).mode & 0o777).toBe(0o600);
  expect((await stat(path.join(dataDir, "postgres.log"))).mode & 0o077).toBe(0);
  await expect(query({ ...options, password: "guess" }, "select 1")).rejects.toThrow(
    /password authentication failed/,
  );
});

test("the Postgres of a killed server is taken over with its data", async () => {
  const killed = await startElsewhere();
  const pid = await postmasterPid();
  await end(killed, "SIGKILL");

  const database = await start();
  expect(await postmasterPid()).toBe(pid);
  await query(database.options, "create table notes as select 'kept' as note");
  expect(logged.join("")).toContain("postgres.taken-over");

  await database.stop();
  await expect(postmasterPid()).rejects.toThrow(/ENOENT/);
});

test("a second server on the same data is refused, and the first works on", async () => {
  const first = await startElsewhere();
  await expect(start()).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining(`Another server (pid ${first.pid}, http://127.0.0.1:3999)`),
  });

  const password = (await readFile(path.join(dataDir, "postgres.password"), "utf8")).trim();
  const options = { host: path.join(dataDir, "socket"), user: "nagare", database: "nagare", password };
  expect(await query(options, "select 1 as answer")).toEqual([{ answer: 1 }]);
});

test("a Postgres that dies is started again, and the claim on the data with it", async () => {
  const { options } = await start();
  process.kill(await postmasterPid(), "SIGKILL");

  await vi.waitFor(() => expect(logged.join("")).toContain("postgres.restarted"), POLL);
  const holders = "select count(*)::int as claims from pg_locks where locktype = 'advisory' and granted";
  await vi.waitFor(async () => expect(await query(options, holders)).toEqual([{ claims: 1 }]), POLL);
});

test("a pid file whose number is another program's by now does not stand in the way", async () => {
  const first = await start();
  await first.stop();
  await writeFile(
    path.join(dataDir, "postgres/postmaster.pid"),
    `${process.pid}\n${dataDir}/postgres\n1\n5432\n\n\n`,
  );

  const second = await start();
  expect(await query(second.options, "select 1 as answer")).toEqual([{ answer: 1 }]);
});

test("data of another Postgres version is refused with what to do", async () => {
  const database = await start();
  await database.stop();
  await writeFile(path.join(dataDir, "postgres/PG_VERSION"), "14\n");

  await expect(start()).rejects.toThrow(/was made by Postgres 14, but .* brings Postgres \d+/);
});

test("an aborted start leaves no Postgres behind", async () => {
  const log = createLog({ level: "silent", format: "json" });
  const abort = new AbortController();
  const starting = startEmbeddedPostgres({ dataDir, log, isDurable: false, signal: abort.signal });
  abort.abort();
  await expect(starting).rejects.toThrow(/stopping/);
  await expect(postmasterPid()).rejects.toThrow(/ENOENT/);
});
