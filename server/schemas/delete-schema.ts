import { deleteSchema as deleteRow, listSchemas, lockRegistry } from "#drizzle/queries/schemas.ts";
import type { Context } from "#server/platform/context.ts";
import { listSchemasOf, noSchemas, noVersion } from "./get-schemas.ts";
import { recordChange } from "./record-change.ts";

/**
 * Takes a version of a type's schema out; with the last one, the type's policy goes too. Marks on events stay. What
 * it said is kept in the audit log. Throws `not-found`.
 */
export async function deleteSchema(ctx: Context, type: string, version: string): Promise<void> {
  const typeId = (await listSchemasOf(ctx, type))[0]?.type_id ?? noSchemas(type);
  await ctx.sql.begin(async (tx) => {
    await lockRegistry(tx);
    const rows = await listSchemas(tx, typeId);
    const row = rows.find((one) => one.version === version) ?? noVersion(type, version, rows);
    await deleteRow(tx, typeId, version);
    const { schema, compatibility, upcasters, policy } = row;
    await recordChange(tx, ctx, {
      action: "schema.deleted",
      subject: type,
      details: {
        version,
        schema: JSON.parse(schema),
        compatibility,
        upcasters,
        policy,
        left: rows.length - 1,
      },
    });
  });
  await ctx.schemas.reload();
}
