import { lockRegistry, setPolicy as writePolicy } from "#drizzle/queries/schemas.ts";
import type { PolicyAnswerDto, PolicyInput } from "#server/contract/schemas.ts";
import type { Context } from "#server/platform/context.ts";
import { noSchemas } from "./get-schemas.ts";
import { measureType } from "./measure.ts";
import { recordChange } from "./record-change.ts";

/**
 * Chooses whether a type's schemas are observed or enforced, or only says what enforcing would have refused of the
 * newest events. Throws `not-found` for a type without schemas.
 */
export async function setPolicy(
  ctx: Context,
  type: string,
  { policy, dryRun }: PolicyInput,
): Promise<PolicyAnswerDto> {
  await ctx.schemas.reload();
  const known = ctx.schemas.find(type) ?? noSchemas(type);
  const measured = await measureType(ctx, known.typeId, known.schemas);
  if (dryRun) return { type, policy: known.policy, measured };
  await ctx.sql.begin(async (tx) => {
    await lockRegistry(tx);
    if (!(await writePolicy(tx, known.typeId, policy))) return;
    const { events, violating } = measured;
    await recordChange(tx, ctx, {
      action: "schema-policy.changed",
      subject: type,
      details: { policy, measured: { events, violating } },
    });
  });
  await ctx.schemas.reload();
  return { type, policy: (ctx.schemas.find(type) ?? noSchemas(type)).policy, measured };
}
