import { findNameId } from "#drizzle/queries/interned-names.ts";
import { listSchemas, type SchemaRow } from "#drizzle/queries/schemas.ts";
import type { SchemaVersionDto, TypeSchemasDto } from "#server/contract/schemas.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { toSchemaDto, toTypeSchemas } from "./schema-dto.ts";

/** Every version of a type's schema. Throws `not-found`. */
export async function getTypeSchemas({ sql }: Context, type: string): Promise<TypeSchemasDto> {
  return toTypeSchemas(await listSchemasOf({ sql }, type)) ?? noSchemas(type);
}

/** One version of a type's schema. Throws `not-found`. */
export async function getSchema(ctx: Context, type: string, version: string): Promise<SchemaVersionDto> {
  const rows = await listSchemasOf(ctx, type);
  const row = rows.find((one) => one.version === version);
  return row ? toSchemaDto(row) : noVersion(type, version, rows);
}

/** The rows of a type; none when it has no schemas, or was never heard of. */
export async function listSchemasOf({ sql }: Pick<Context, "sql">, type: string): Promise<SchemaRow[]> {
  const typeId = await findNameId(sql, "type", type);
  return typeId === null ? [] : listSchemas(sql, typeId);
}

export function noSchemas(type: string): never {
  throw new AppError("not-found", `No schema is registered for ${type}. Register one first.`);
}

export function noVersion(type: string, version: string, rows: readonly SchemaRow[]): never {
  if (rows.length === 0) noSchemas(type);
  const known = rows.map((row) => row.version).join(", ");
  throw new AppError("not-found", `${type} has no version ${version}. Registered: ${known}.`);
}
