import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { type ConnectOptions, connect } from "#drizzle/db.ts";
import { migrate } from "#drizzle/migrate.ts";
import { startEmbeddedPostgres } from "#server/platform/embedded-postgres.ts";
import { createLog } from "#server/platform/log.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** One Postgres for each file that is tested at a time. */
    postgres: TestPostgres[];
  }
}

/** How to reach a Postgres, and the migrated database in it that test databases are cloned from. */
export type TestPostgres = { host: string; port: number; user: string; password: string; template: string };

const TEMPLATE = "nagare_template";

/**
 * Checkpoint readers look at the transactions of the whole database server, so that files which are tested side by side
 * need a server each.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const compiled = await mkdtemp(path.join(os.tmpdir(), "nagare-compiled-"));
  // The processes that tests start and kill by the dozen need less than half the time to load what they run.
  process.env.NODE_COMPILE_CACHE = compiled;
  const servers = await Promise.all(Array.from({ length: project.config.maxWorkers }, startServer));
  project.provide(
    "postgres",
    servers.map(({ login }) => login),
  );
  return async () => {
    await Promise.all(servers.map(({ stop }) => stop()));
    await rm(compiled, { recursive: true, force: true });
  };
}

async function startServer(): Promise<{ login: TestPostgres; stop: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "nagare-test-"));
  const log = createLog({ level: "error", format: "text", destination: process.stderr });
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log, isDurable: false });
  await makeTemplate(postgres.options);
  const { host, port, user, password } = postgres.options;
  return {
    login: {
      host: String(host),
      port: Number(port),
      user: String(user),
      password: String(password),
      template: TEMPLATE,
    },
    stop: async () => {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeTemplate(options: ConnectOptions): Promise<void> {
  const maintenance = connect(options, { max: 1 });
  await maintenance.sql`create database ${maintenance.sql(TEMPLATE)}`;
  await maintenance.close();

  const template = connect({ ...options, database: TEMPLATE });
  await migrate(template.sql);
  await template.close();
}
