import { findNameId } from "#drizzle/queries/interned-names.ts";
import type { MeasuredDto, SchemaCheckDto, SchemaInput } from "#server/contract/schemas.ts";
import { upcastersSchema } from "#server/contract/upcasters.ts";
import { TypeSchemas } from "#server/domain/schemas/type-schemas.ts";
import type { Context } from "#server/platform/context.ts";
import { listSchemasOf } from "./get-schemas.ts";
import { judgeRegistration } from "./judge-registration.ts";
import { measureType } from "./measure.ts";

const NOTHING: MeasuredDto = { events: 0, violating: 0, from: null, to: null, examples: [] };

/** What would come of registering a version; changes nothing. */
export async function checkSchema(
  ctx: Context,
  type: string,
  version: string,
  input: SchemaInput,
): Promise<SchemaCheckDto> {
  const rows = await listSchemasOf(ctx, type);
  const { problems, refusal, comparedWith, breaks } = judgeRegistration(rows, version, input);
  const result = { problems: [...problems], refusal, comparedWith, breaks: [...breaks] };
  if (problems.length > 0) return { ...result, measured: null };
  const others = rows
    .filter((row) => row.version !== version)
    .map((row) => ({ ...row, upcasters: upcastersSchema.parse(row.upcasters) }));
  const candidate = { version, schema: JSON.stringify(input.schema), upcasters: input.upcasters };
  const typeId = await findNameId(ctx.sql, "type", type);
  const measured =
    typeId === null ? NOTHING : await measureType(ctx, typeId, new TypeSchemas([...others, candidate]));
  return { ...result, measured };
}
