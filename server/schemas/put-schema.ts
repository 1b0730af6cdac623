import { getSafePosition } from "#drizzle/queries/event-log.ts";
import {
  listSchemas,
  lockRegistry,
  type SchemaRow,
  touchSchemaType,
  upsertSchema,
} from "#drizzle/queries/schemas.ts";
import type { SchemaInput, SchemaVersionDto } from "#server/contract/schemas.ts";
import { valueText } from "#server/domain/schemas/json-value.ts";
import type { Context } from "#server/platform/context.ts";
import { noVersion } from "./get-schemas.ts";
import { judgeRegistration, type RegistrationJudgement } from "./judge-registration.ts";
import { recordChange } from "./record-change.ts";
import { toSchemaDto } from "./schema-dto.ts";

export type PutSchemaOutcome =
  | { kind: "registered"; schema: SchemaVersionDto; isNew: boolean }
  | ({ kind: "refused" } & RegistrationJudgement);

/**
 * Registers a version of a type's schema. The same twice changes nothing the second time. A schema that is registered
 * never changes; what it promises and its upcasters may.
 */
export async function putSchema(
  ctx: Context,
  type: string,
  version: string,
  input: SchemaInput,
): Promise<PutSchemaOutcome> {
  const typeId = (await ctx.names.ensure([{ field: "type", name: type }]))("type", type);
  if (typeId === null) throw new Error("A type was left without an id.");
  const since = await getSafePosition(ctx.sql);
  const outcome = await ctx.sql.begin(async (tx): Promise<PutSchemaOutcome> => {
    await lockRegistry(tx);
    const rows = await listSchemas(tx, typeId);
    const judgement = judgeRegistration(rows, version, input);
    const { problems, refusal, breaks } = judgement;
    if (problems.length > 0 || refusal !== null || breaks.length > 0)
      return { kind: "refused", ...judgement };
    const known = rows.find((row) => row.version === version);
    const { compatibility, upcasters } = input;
    if (known && isSame(known, input))
      return { kind: "registered", schema: toSchemaDto(known), isNew: false };
    await touchSchemaType(tx, typeId, since);
    await upsertSchema(tx, typeId, {
      version,
      schema: JSON.stringify(input.schema),
      compatibility,
      upcasters,
    });
    await recordChange(tx, ctx, {
      action: known ? "schema.changed" : "schema.registered",
      subject: type,
      details: { version, compatibility, upcasters },
    });
    const written = await listSchemas(tx, typeId);
    const row = written.find((one) => one.version === version) ?? noVersion(type, version, written);
    return { kind: "registered", schema: toSchemaDto(row), isNew: !known };
  });
  // In force here before the answer; other processes are told with the commit.
  if (outcome.kind === "registered") await ctx.schemas.reload();
  return outcome;
}

/** The schema itself is the same already. */
function isSame(row: SchemaRow, { compatibility, upcasters }: SchemaInput): boolean {
  return row.compatibility === compatibility && valueText(row.upcasters) === valueText(upcasters);
}
