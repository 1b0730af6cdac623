import { execFile } from "node:child_process";
import { statfs } from "node:fs/promises";
import os from "node:os";
import { promisify } from "node:util";
import { commandAs } from "./account.ts";
import type { Address } from "./address.ts";
import type { Cluster } from "./cluster.ts";

/** Settings of Postgres by their names. */
export type PostgresSettings = Readonly<Record<string, string | number>>;

const MEGABYTE = 1024 * 1024;

const run = promisify(execFile);

/** The settings that depend on this machine and on this build of Postgres, beside those that always hold. */
export async function chooseSettings(cluster: Cluster, address: Address): Promise<PostgresSettings> {
  const memoryMb = Math.floor(availableMemoryBytes() / MEGABYTE);
  return {
    ...addressSettings(address),
    shared_buffers: `${Math.min(Math.max(Math.floor(memoryMb / 8), 128), 1024)}MB`,
    effective_cache_size: `${Math.max(Math.floor(memoryMb / 2), 256)}MB`,
    dynamic_shared_memory_type: (await isSharedMemorySmall()) ? "mmap" : "posix",
    max_connections: 100,
    // Long ways between checkpoints: each makes the next touch of every page write the whole page.
    max_wal_size: "4GB",
    checkpoint_timeout: "15min",
    wal_compression: (await supports(cluster, "wal_compression", "lz4")) ? "lz4" : "on",
    // Acknowledged means durable.
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    // Compiling costs more than our short queries take.
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
    // The statements and rows of a failed command would put payloads into the log.
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
  };
}

/** Without durability, for tests: what is written is lost when the machine stops. */
export const FORGETFUL: PostgresSettings = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  shared_buffers: "128MB",
};

export function settingArguments(settings: PostgresSettings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

function addressSettings({ host, port }: Address): PostgresSettings {
  if (!host.startsWith("/")) return { listen_addresses: host, port };
  return { listen_addresses: "", unix_socket_directories: host, unix_socket_permissions: "0700", port };
}

function availableMemoryBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, os.totalmem()) : os.totalmem();
}

/** Containers often have 64 MB, which one parallel query can fill. */
async function isSharedMemorySmall(): Promise<boolean> {
  if (process.platform !== "linux") return false;
  try {
    const { bsize, blocks } = await statfs("/dev/shm");
    return bsize * blocks < 256 * MEGABYTE;
  } catch {
    return true;
  }
}

async function supports(
  { binaries, account, folder }: Cluster,
  name: string,
  value: string,
): Promise<boolean> {
  const { file, args, options } = commandAs(account, binaries.postgres, [
    "-D",
    folder,
    "-C",
    name,
    ...settingArguments({ [name]: value }),
  ]);
  return run(file, args, { ...options, cwd: "/" }).then(
    () => true,
    () => false,
  );
}
