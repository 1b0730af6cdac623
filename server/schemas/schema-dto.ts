import type { SchemaRow } from "#drizzle/queries/schemas.ts";
import type { SchemaVersionDto, TypeSchemasDto } from "#server/contract/schemas.ts";
import { upcastersSchema } from "#server/contract/upcasters.ts";
import { compareVersions } from "#server/domain/schemas/event-version.ts";
import type { JsonSchema } from "#server/domain/schemas/json-schema.ts";

export function toSchemaDto(row: SchemaRow): SchemaVersionDto {
  const { type, version, compatibility } = row;
  // What is stored went through the reader of schemas.
  const schema = JSON.parse(row.schema) as JsonSchema;
  return {
    type,
    version,
    schema,
    compatibility,
    upcasters: upcastersSchema.parse(row.upcasters),
    createdAt: new Date(row.created_at).toISOString(),
  };
}

/** The versions of one type; null when there are none. */
export function toTypeSchemas(rows: readonly SchemaRow[]): TypeSchemasDto | null {
  const [first] = rows;
  if (!first) return null;
  const versions = rows.map(toSchemaDto).toSorted((a, b) => compareVersions(a.version, b.version));
  return { type: first.type, policy: first.policy, versions };
}
