import { hasEventsOfType } from "#drizzle/queries/scenario-data.ts";
import { listSchemas } from "#drizzle/queries/schemas.ts";
import { valueText } from "#server/domain/schemas/json-value.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { deleteSchema } from "../schemas/delete-schema.ts";
import { putSchema } from "../schemas/put-schema.ts";
import type { Scenario } from "./scenario.ts";

/**
 * Registers the schemas of a system, with their upcasters; the same twice changes nothing. Throws `conflict` where
 * somebody has registered other ones for its types.
 */
export async function registerSchemas(ctx: Context, { name, schemas = [] }: Scenario): Promise<void> {
  for (const { type, version, input } of schemas) {
    const outcome = await putSchema(ctx, type, version, input);
    if (outcome.kind === "registered") continue;
    const why = outcome.refusal ?? "It breaks what the versions beside it promise.";
    throw new AppError(
      "conflict",
      `${name} needs the schema of ${type} ${version}, which can't be registered. ${why} ` +
        `Delete the schemas of ${type}, then start it again.`,
    );
  }
}

/** Takes out the schemas that a system registered: those that are still as it made them, of types that nobody else uses. */
export async function removeSchemas(ctx: Context, { schemas = [] }: Scenario): Promise<void> {
  for (const { type, version, input } of schemas.toReversed()) {
    const typeId = ctx.schemas.find(type)?.typeId;
    if (typeId === undefined || (await hasEventsOfType(ctx.sql, typeId))) continue;
    const row = (await listSchemas(ctx.sql, typeId)).find((one) => one.version === version);
    if (row === undefined) continue;
    const isOurs =
      valueText(JSON.parse(row.schema)) === valueText(input.schema) &&
      valueText(row.upcasters) === valueText(input.upcasters);
    if (isOurs) await deleteSchema(ctx, type, version);
  }
}
