import { registerHooks } from "node:module";
import { type Mend, mendConnection, mendPool, mendQueue } from "./driver-mends.ts";

/**
 * The driver, with what it does on a lost connection, and which idle one it takes, mended as it is loaded:
 * `driver-mends.ts` says how. Take it from here and nowhere else, or it is loaded as it comes.
 */
const FILES: readonly [end: string, mends: readonly Mend[]][] = [
  ["/node_modules/postgres/src/connection.js", mendConnection],
  ["/node_modules/postgres/src/index.js", mendPool],
  ["/node_modules/postgres/src/queue.js", mendQueue],
];
/** Stands on the driver for whoever loads this file again in the same process. */
const MARK = "isMended";

const hooks = registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const found = FILES.find(([end]) => url.endsWith(end));
    if (!found) return loaded;
    return { ...loaded, source: mend(String(loaded.source), found[1]) };
  },
});
export const { default: postgres } = await import("postgres");
export const { drizzle } = await import("drizzle-orm/postgres-js");
hooks.deregister();

if (!(MARK in postgres)) {
  throw new Error(
    "The database driver was loaded before drizzle/driver.ts could mend it. Import it from there.",
  );
}

/** The source of one of the driver's files with the mends in it. Throws where it is not the one they were made for. */
export function mend(source: string, mends: readonly Mend[]): string {
  let mended = source;
  for (const { found, put } of mends) {
    if (mended.split(found).length !== 2) {
      throw new Error(
        `This version of the driver (postgres) is not the one that drizzle/driver-mends.ts was written for. Look whether it still needs: ${put}`,
      );
    }
    mended = mended.replace(found, () => put);
  }
  return mended;
}
