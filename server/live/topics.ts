import { TOPICS_CHANNEL } from "#drizzle/queries/notices.ts";
import type { Context } from "#server/platform/context.ts";

/** Somebody who wants to know when something under a topic changed. */
export type Watcher = { hint: (topic: string) => void };

/**
 * Who watches which topic, and the connection over which Postgres tells what changed, in this process or another.
 * When that connection was lost, notices may have been too: then every watcher is told to look again.
 */
export class Topics {
  readonly #watchers = new Map<string, Set<Watcher>>();

  /** Listens until `signal` aborts. The driver connects again by itself, also after a first try that failed. */
  async listen({ sql, log }: Pick<Context, "sql" | "log">, signal: AbortSignal): Promise<void> {
    try {
      const { unlisten } = await sql.listen(
        TOPICS_CHANNEL,
        (topic) => {
          if (!signal.aborted) this.#tell(topic);
        },
        () => this.#tellAll(),
      );
      const stop = () => void unlisten().catch((error: unknown) => log.debug({ err: error }, "topics.lost"));
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, "topics.interrupted");
    }
  }

  watch(topic: string, watcher: Watcher): void {
    const watchers = this.#watchers.get(topic);
    if (watchers) watchers.add(watcher);
    else this.#watchers.set(topic, new Set([watcher]));
  }

  unwatch(topic: string, watcher: Watcher): void {
    const watchers = this.#watchers.get(topic);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.#watchers.delete(topic);
  }

  #tell(topic: string): void {
    for (const watcher of this.#watchers.get(topic) ?? []) watcher.hint(topic);
  }

  #tellAll(): void {
    for (const topic of this.#watchers.keys()) this.#tell(topic);
  }
}
