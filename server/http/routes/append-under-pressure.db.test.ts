import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { DEFAULT_WRITE_BUFFER_LIMITS } from "#server/ingest/write-buffer.ts";
import { openTestServer, type TestServer } from "../testing/open-server.ts";

const NDJSON = "application/x-ndjson";

let api: TestServer;
afterEach(() => api.close());

function line(id: string): string {
  return `${JSON.stringify({ specversion: "1.0", id, source: "/pressure", type: "tested", data: { id } })}\n`;
}

function lines(prefix: string, count: number): string {
  return Array.from({ length: count }, (_, n) => line(`${prefix}-${n}`)).join("");
}

async function post(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${api.url}/api/v1/events`, {
    method: "POST",
    headers: { "content-type": NDJSON, ...headers },
    body: Buffer.from(body),
  });
}

async function countStored(): Promise<number> {
  const [row] = await api.database.sql`select count(*)::int as stored from events`;
  return Number(row?.stored);
}

/** A connection that sends a body piece by piece, as long as it likes. */
async function openStream(headers: string[] = []): Promise<Socket & { sendChunk: (text: string) => void }> {
  const socket = connect(api.port, "127.0.0.1");
  await once(socket, "connect");
  const head = [
    "POST /api/v1/events HTTP/1.1",
    "host: localhost",
    `content-type: ${NDJSON}`,
    "transfer-encoding: chunked",
    ...headers,
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  const sendChunk = (text: string) => {
    socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
  };
  return Object.assign(socket, { sendChunk });
}

async function readAnswer(socket: Socket): Promise<string> {
  let answer = "";
  socket.setEncoding("utf8").on("data", (text) => {
    answer += text;
  });
  await Promise.race([
    once(socket, "close"),
    vi.waitFor(() => expect(answer).toContain("\r\n\r\n{"), { timeout: 60_000 }),
  ]);
  return answer;
}

describe("A stream of lines", () => {
  test("is committed as it comes, and answered with the sum", async () => {
    api = await openTestServer();
    const socket = await openStream();
    for (let part = 0; part < 5; part += 1) socket.sendChunk(lines(`part-${part}`, 700));
    await vi.waitFor(async () => expect(await countStored()).toBeGreaterThanOrEqual(1_000), {
      timeout: 60_000,
    });
    socket.write("0\r\n\r\n");
    expect(await readAnswer(socket)).toContain(
      '{"accepted":3500,"duplicates":0,"conflicts":0,"rejected":[]}',
    );
    expect(await countStored()).toBe(3_500);
    socket.destroy();
  });

  test("that breaks off keeps what is committed, half a line is never stored, and sent again it is whole", async () => {
    api = await openTestServer();
    const body = lines("cut", 2_500);
    const socket = await openStream();
    socket.sendChunk(body.slice(0, body.length - 40_000));
    await vi.waitFor(async () => expect(await countStored()).toBeGreaterThanOrEqual(1_000), {
      timeout: 60_000,
    });
    socket.destroy();

    const answer = await (await post(body)).json();
    expect(answer.accepted + answer.duplicates).toBe(2_500);
    expect(answer.duplicates).toBeGreaterThanOrEqual(1_000);
    expect(answer.duplicates).toBeLessThan(2_500);
    expect(await countStored()).toBe(2_500);
    expect(api.takeFailures()).toEqual([]);
  });

  test("that is cut inside its gzip says what of it is stored", async () => {
    api = await openTestServer();
    const packed = gzipSync(lines("packed", 3_000));
    const answer = await post(packed.subarray(0, -2_000), { "content-encoding": "gzip" });
    expect(answer.status).toBe(400);
    const problem = await answer.json();
    expect(problem.code).toBe("unreadable");
    const [, stored] = /(\d+) events before that are stored/.exec(problem.detail) ?? [];
    expect(Number(stored)).toBe(await countStored());
    expect(Number(stored)).toBeGreaterThan(0);
  });

  test("over the limit is told so while it still sends", async () => {
    api = await openTestServer({
      settings: { NAGARE_MAX_BODY_BYTES: "200000", NAGARE_MAX_EVENT_BYTES: "10000" },
    });
    const socket = await openStream();
    const answered = readAnswer(socket);
    for (let part = 0; part < 40; part += 1) socket.sendChunk(lines(`over-${part}`, 100));
    const answer = await answered;
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain("200000 bytes");
    socket.destroy();
    const announced = await post(" ".repeat(200_001));
    expect(announced.status).toBe(413);
  });
});

describe("Under pressure", () => {
  test("a full buffer answers 503 with when to come back, and a stream says what of it is stored", async () => {
    const gate = Promise.withResolvers<void>();
    let isOpen = true;
    api = await openTestServer({
      limits: { ...DEFAULT_WRITE_BUFFER_LIMITS, maxItems: 1_500 },
      around: (write) => async (events) => {
        if (!isOpen) await gate.promise;
        return write(events);
      },
    });
    const socket = await openStream();
    socket.sendChunk(lines("first", 1_000));
    await vi.waitFor(async () => expect(await countStored()).toBe(1_000), { timeout: 60_000 });
    isOpen = false;
    const taken = post(lines("taken", 900));
    await vi.waitFor(() => expect(api.ctx.ingest.lagMs).toBeGreaterThan(0), { timeout: 60_000 });

    const refused = await post(lines("refused", 700));
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
    expect(await refused.json()).toMatchObject({ code: "overloaded" });
    socket.sendChunk(lines("second", 1_000));
    const answer = await readAnswer(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toMatch(/\r\nretry-after: 1\r\n/i);
    expect(answer).toContain("1000 events before that are stored");
    socket.destroy();

    gate.resolve();
    expect((await taken).status).toBe(202);
    expect(await countStored()).toBe(1_900);
  });

  test("a server that stops finishes what it took and refuses the rest with 503", async () => {
    const gate = Promise.withResolvers<void>();
    api = await openTestServer({
      around: (write) => async (events) => {
        await gate.promise;
        return write(events);
      },
    });
    const taken = post(line("taken"));
    await vi.waitFor(() => expect(api.ctx.ingest.lagMs).toBeGreaterThan(0), { timeout: 60_000 });
    const closed = api.ctx.ingest.close();
    const refused = await post(line("refused"));
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    gate.resolve();
    await closed;
    expect((await taken).status).toBe(202);
    expect(await countStored()).toBe(1);
  });

  test.each([
    ["one event", () => post(line("one"))],
    ["a stream", () => post(lines("many", 1_200))],
    ["a packed stream", () => post(gzipSync(lines("many", 1_200)), { "content-encoding": "gzip" })],
  ])("a database that goes away answers 503, never the sender's fault: %s", async (_what, send) => {
    api = await openTestServer();
    const { sql } = api.database;
    const blocker = await sql.reserve();
    await blocker`begin`;
    await blocker`lock table identity_batches in access exclusive mode`;
    const sent = send();
    const blocked = () =>
      sql`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await vi.waitFor(async () => expect(await blocked()).not.toHaveLength(0), { timeout: 60_000 });
    for (const { pid } of await blocked()) await sql`select pg_terminate_backend(${pid})`;
    await blocker`rollback`;
    blocker.release();

    const answer = await sent;
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
    expect((await send()).status).toBe(202);
  });
});
