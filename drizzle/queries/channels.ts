import type { Sql, SqlTx } from "../db.ts";

export type ChannelRow = {
  name: string;
  kind: "queue" | "topic";
  rules: unknown;
  description: string;
  created_at: string;
  updated_at: string;
};

const MAX_CHANNELS = 1_000;

/** Every channel by name, at most 1,000. */
export async function listChannels(sql: Sql | SqlTx): Promise<ChannelRow[]> {
  return sql<ChannelRow[]>`select * from channels order by name limit ${MAX_CHANNELS}`;
}

export async function findChannel(sql: Sql | SqlTx, name: string): Promise<ChannelRow | null> {
  const [row] = await sql<ChannelRow[]>`select * from channels where name = ${name}`;
  return row ?? null;
}

/** The same, held against changes until the transaction ends. */
export async function lockChannel(tx: SqlTx, name: string): Promise<ChannelRow | null> {
  const [row] = await tx<ChannelRow[]>`select * from channels where name = ${name} for update`;
  return row ?? null;
}

/** Makes a channel or changes its rules and description; its kind stays what it was. */
export async function upsertChannel(
  tx: SqlTx,
  channel: {
    name: string;
    kind: string;
    rules: { type?: string | undefined; source?: string | undefined }[];
    description: string;
  },
): Promise<void> {
  await tx`
    insert into channels (name, kind, rules, description)
    values (${channel.name}, ${channel.kind}, ${JSON.stringify(channel.rules)}::jsonb, ${channel.description})
    on conflict (name) do update set rules = excluded.rules, description = excluded.description, updated_at = now()`;
}

/** Gives false when there was none. Fails (23503) while subscriptions use it. */
export async function deleteChannel(tx: SqlTx, name: string): Promise<boolean> {
  const result = await tx`delete from channels where name = ${name}`;
  return result.count > 0;
}
