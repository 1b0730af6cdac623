import type { Sql } from "#drizzle/db.ts";
import { TOPICS_CHANNEL } from "#drizzle/queries/notices.ts";
import type { Clock } from "#server/platform/clock.ts";
import type { Log } from "#server/platform/log.ts";
import type { StoredIdentities } from "../identities/stored-identities.ts";
import { SCHEMAS_TOPIC } from "./record-change.ts";
import { SchemaRegistry } from "./schema-registry.ts";

/** How long a change may go unnoticed when its notice is lost, and refusals uncounted. */
const LOOK_EVERY_MS = 5_000;

/** Opens the schemas of this process: read before the first event comes, and told at once of what changes. */
export async function startSchemas(
  sql: Sql,
  { clock, log, identities }: { clock: Pick<Clock, "now">; log: Log; identities?: StoredIdentities },
): Promise<{ value: SchemaRegistry; stop: () => Promise<void> }> {
  const registry = new SchemaRegistry(sql, { clock, ...(identities ? { identities } : {}) });
  await registry.reload();
  const warn = (error: unknown) => log.warn({ err: error }, "schemas.not-read");
  const reload = () => void registry.reload().catch(warn);
  const listening = await sql.listen(
    TOPICS_CHANNEL,
    (topic) => {
      if (topic === SCHEMAS_TOPIC) reload();
    },
    reload,
  );
  const timer = setInterval(() => {
    reload();
    void registry.writeRefused().catch(warn);
  }, LOOK_EVERY_MS);
  return {
    value: registry,
    stop: async () => {
      clearInterval(timer);
      // Not waited for: it never ends when the database is gone.
      void listening.unlisten().catch(() => {});
      await registry.writeRefused().catch(warn);
    },
  };
}
