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
    /** How to reach the Postgres of this run, and the migrated database that test databases are cloned from. */
    postgres: TestPostgres;
  }
}

export type TestPostgres = { host: string; port: number; user: string; password: string; template: string };

const TEMPLATE = "nagare_template";

/** One Postgres for the run, with a migrated template database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "nagare-test-"));
  const log = createLog({ level: "error", format: "text", destination: process.stderr });
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log, isDurable: false });
  await makeTemplate(postgres.options);
  const { host, port, user, password } = postgres.options;
  project.provide("postgres", {
    host: String(host),
    port: Number(port),
    user: String(user),
    password: String(password),
    template: TEMPLATE,
  });

  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
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
