import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { type ConnectOptions, connect, type Database } from "#drizzle/db.ts";
import type { TestPostgres } from "./global-setup.ts";

type TestLogin = Omit<TestPostgres, "template">;

export type TestDatabase = Database & {
  /** For further pools and for processes of their own. */
  options: ConnectOptions;
  url: string;
  /** Closes the pool and removes the database, with whoever is still connected. */
  drop: () => Promise<void>;
};

/** A migrated, empty database for one test file: `beforeAll(createTestDatabase)`, `afterAll(() => database.drop())`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { template, ...login } = postgresOfWorker();
  const name = `test_${randomBytes(8).toString("hex")}`;
  await maintain(login, async ({ sql }) => {
    await sql`create database ${sql(name)} template ${sql(template)}`;
  });

  const options = { ...login, database: name };
  const database = connect(options);
  return {
    ...database,
    options,
    url: formatUrl(options),
    drop: async () => {
      await database.close();
      await maintain(login, async ({ sql }) => {
        await sql`drop database ${sql(name)} with (force)`;
      });
    },
  };
}

/** Vitest numbers the files that it tests at a time from 1 on. */
function postgresOfWorker(): TestPostgres {
  const id = process.env.VITEST_POOL_ID;
  const postgres = inject("postgres")[Number(id) - 1];
  if (postgres === undefined) throw new Error(`There is no Postgres for the tests of worker ${id}.`);
  return postgres;
}

async function maintain(login: TestLogin, work: (database: Database) => Promise<void>): Promise<void> {
  const database = connect({ ...login, database: "postgres" }, { max: 1 });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

function formatUrl({ host, port, user, password, database }: TestLogin & { database: string }): string {
  const isSocket = host.startsWith("/");
  const address = `postgres://${user}:${password}@${isSocket ? "localhost" : host}:${port}/${database}`;
  return isSocket ? `${address}?host=${encodeURIComponent(host)}` : address;
}
