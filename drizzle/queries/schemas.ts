import type { Sql, SqlTx } from "../db.ts";

export type SchemaRow = {
  type_id: number;
  type: string;
  policy: "observe" | "enforce";
  since: string;
  version: string;
  schema: string;
  compatibility: "backward" | "forward" | "full" | "none";
  upcasters: unknown;
  created_at: string;
};

/** Versions in the registry, over all types. */
export const MAX_SCHEMAS = 10_000;

/** Every registered version of every type, or of one. */
export async function listSchemas(sql: Sql | SqlTx, typeId: number | null = null): Promise<SchemaRow[]> {
  return sql<SchemaRow[]>`
    select type_id, name as type, policy, since, version, schema, compatibility, upcasters, created_at
    from schemas join schema_types using (type_id) join interned_names on interned_names.id = type_id
    where ${typeId}::int is null or type_id = ${typeId}
    order by type_id, version limit ${MAX_SCHEMAS}`;
}

/** A text that is another one after every change to the registry. */
export async function getRegistryRevision(sql: Sql): Promise<string> {
  const [row] = await sql<{ revision: string }[]>`
    select count(*) || ' ' || coalesce(max(changed_at)::text, '') as revision from schema_types`;
  return row?.revision ?? "";
}

/** Lets only one transaction at a time change the registry. */
export async function lockRegistry(tx: SqlTx): Promise<void> {
  await tx`select pg_advisory_xact_lock(7104007)`;
}

/** Marks the type as changed; makes it, with events judged from `since` on, when it has no schemas yet. */
export async function touchSchemaType(tx: SqlTx, typeId: number, since: string): Promise<void> {
  await tx`
    insert into schema_types (type_id, since) values (${typeId}, ${since})
    on conflict (type_id) do update set changed_at = clock_timestamp()`;
}

export type SchemaValues = Pick<SchemaRow, "version" | "schema" | "compatibility" | "upcasters">;

/** Writes a version; of one that is there, what may change. */
export async function upsertSchema(tx: SqlTx, typeId: number, values: SchemaValues): Promise<void> {
  const { version, schema, compatibility, upcasters } = values;
  await tx`
    insert into schemas (type_id, version, schema, compatibility, upcasters)
    values (${typeId}, ${version}, ${schema}, ${compatibility}, ${JSON.stringify(upcasters)}::jsonb)
    on conflict (type_id, version) do update
      set compatibility = excluded.compatibility, upcasters = excluded.upcasters`;
}

/** Takes a version out, and with the last one the type and its policy. */
export async function deleteSchema(tx: SqlTx, typeId: number, version: string): Promise<void> {
  await tx`delete from schemas where type_id = ${typeId} and version = ${version}`;
  await tx`update schema_types set changed_at = clock_timestamp() where type_id = ${typeId}`;
  await tx`
    delete from schema_types where type_id = ${typeId}
      and not exists (select from schemas where schemas.type_id = schema_types.type_id)`;
}

/** Gives false when that was the policy already. */
export async function setPolicy(tx: SqlTx, typeId: number, policy: string): Promise<boolean> {
  const result = await tx`
    update schema_types set policy = ${policy}, changed_at = clock_timestamp()
    where type_id = ${typeId} and policy <> ${policy}`;
  return result.count > 0;
}
