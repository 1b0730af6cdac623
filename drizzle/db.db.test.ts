import { connect as connectTo, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyIn } from "./copy-binary.ts";
import { connect } from "./db.ts";
import { createTestDatabase, type TestDatabase } from "./testing/database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("the end of a COPY is sent before the rows are acknowledged", async () => {
  // A TCP address for a Postgres that may have only a Unix socket.
  const { host, port } = database.sql.options;
  const [name = "", number = 0] = [host[0], port[0]];
  const sockets = new Set<Socket>();
  const relay = createServer({ noDelay: true }, (near) => {
    const far = name.startsWith("/") ? connectTo(`${name}/.s.PGSQL.${number}`) : connectTo(number, name);
    sockets.add(near).add(far);
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const address = relay.address();
  const tcp = connect(
    { ...database.options, host: "127.0.0.1", port: typeof address === "object" ? (address?.port ?? 0) : 0 },
    { max: 1 },
  );
  await tcp.sql`create temporary table copied (line text)`;

  const tookMs: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    const start = performance.now();
    await copyIn(tcp.sql, "copy copied from stdin", Buffer.from("one\ntwo\n"));
    tookMs.push(performance.now() - start);
  }
  expect(await tcp.sql`select count(*)::int as lines from copied`).toEqual([{ lines: 14 }]);
  // A delayed acknowledgement takes 40 ms, every time.
  expect(Math.min(...tookMs)).toBeLessThan(30);

  await tcp.close();
  for (const socket of sockets) socket.destroy();
  relay.close();
});
