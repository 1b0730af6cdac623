import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connect } from "#drizzle/db.ts";
import { DATABASE, USER } from "#server/platform/postgres/cluster.ts";
import { findPostmaster } from "#server/platform/postgres/postmaster.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const READY = /^Nagare is ready: (http:\/\/\S+)$/m;
const POLL = { timeout: 100_000, interval: 50 };
const SENDERS = 12;
const BATCH = 250;
/** Acknowledged in between two kills. */
const BETWEEN = 5_000;

let folder: string;
let server: ChildProcess;
let url = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "nagare-kills-"));
  const settings = [
    "PORT=0",
    "HOST=127.0.0.1",
    `NAGARE_DATA_DIR=${path.join(folder, "data")}`,
    "NAGARE_ROLES=ingest,worker",
    "NAGARE_LOG_LEVEL=silent",
  ];
  await writeFile(path.join(folder, ".env"), settings.join("\n"));
  await startServer();
});

afterAll(async () => {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = once(server, "exit");
    server.kill("SIGTERM");
    await ended;
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

async function startServer(): Promise<void> {
  server = spawn(process.execPath, [MAIN], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  server.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await vi.waitFor(() => expect(output).toMatch(READY), POLL);
  url = READY.exec(output)?.[1] ?? "";
}

/** Posts batch after batch as fast as they are taken, and notes which were acknowledged. What fails is not sent again. */
function startSending() {
  const acknowledged: string[] = [];
  const stopping = new AbortController();
  let made = 0;
  const send = async () => {
    while (!stopping.signal.aborted) {
      const ids = Array.from({ length: BATCH }, () => `event-${made++}`);
      const events = ids.map((id) => ({
        specversion: "1.0",
        id,
        source: "/kills",
        type: "kill.survived",
        data: { id },
      }));
      const answer = await fetch(`${url}/api/v1/events`, {
        method: "POST",
        headers: { "content-type": "application/cloudevents-batch+json" },
        body: JSON.stringify(events),
      }).then(
        (response) => response.text().then((text) => (response.status === 202 ? text : null)),
        () => null,
      );
      if (answer === null) await sleep(50);
      else {
        expect(JSON.parse(answer)).toMatchObject({ accepted: BATCH, rejected: [] });
        acknowledged.push(...ids);
      }
    }
  };
  const sent = Promise.all(Array.from({ length: SENDERS }, send));
  return {
    acknowledged,
    /** Until more were acknowledged since now. */
    more: async () => {
      const before = acknowledged.length;
      await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(before + BETWEEN), POLL);
    },
    stop: async () => {
      stopping.abort();
      await sent;
    },
  };
}

async function findPostgres() {
  const postmaster = await findPostmaster(path.join(folder, "data/postgres"));
  if (!postmaster?.address) throw new Error("The server has no Postgres.");
  return { pid: postmaster.pid, address: postmaster.address };
}

test("every event that was acknowledged is there once, whether Postgres or the server was killed at full rate", async () => {
  const sending = startSending();
  await sending.more();
  process.kill((await findPostgres()).pid, "SIGKILL");
  await sending.more();
  const killed = once(server, "exit");
  server.kill("SIGKILL");
  await killed;
  await startServer();
  await sending.more();
  await sending.stop();

  const { address } = await findPostgres();
  const password = (await readFile(path.join(folder, "data/postgres.password"), "utf8")).trim();
  const database = connect({ ...address, user: USER, database: DATABASE, password }, { max: 1 });
  try {
    const stored = await database.sql<{ id: string }[]>`select id from events where source_id = (
      select id from interned_names where field = 'source' and name = '/kills')`;
    const ids = new Set(stored.map(({ id }) => id));
    expect(ids.size).toBe(stored.length);
    expect(sending.acknowledged.length).toBeGreaterThan(3 * BETWEEN);
    expect(sending.acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    const [identities] = await database.sql`
      select (select count(*) from events) = (select sum(octet_length(prefixes)) / 8 from identity_batches) as equal`;
    expect(identities?.equal).toBe(true);
  } finally {
    await database.close();
  }
});
