import type { Sql, SqlTx } from "../db.ts";

/** The channel of Postgres over which processes tell each other what changed. */
export const TOPICS_CHANNEL = "nagare_topics";

/** The topic of dead letters, failure cases, and what is done about them. */
export const DEAD_LETTERS_TOPIC = "dead-letters";

/** The topic of replays and how far they are. */
export const REPLAYS_TOPIC = "replays";

/** The topic of deliveries of a subscription that were made due by other means than the bus's own. */
export const dueTopic = (subscriptionId: number) => `due:${subscriptionId}`;

/** The subscription that a topic of that kind is about, or null. */
export function subscriptionOfDueTopic(topic: string): number | null {
  const id = /^due:(\d+)$/.exec(topic)?.[1];
  return id === undefined ? null : Number(id);
}

/**
 * Tells every console that watches the topic to look again. Inside a transaction it is told at the commit, once
 * however often it is said, and not at all when the transaction fails.
 */
export async function notifyTopic(sql: Sql | SqlTx, topic: string): Promise<void> {
  await sql`select pg_notify(${TOPICS_CHANNEL}, ${topic})`;
}
