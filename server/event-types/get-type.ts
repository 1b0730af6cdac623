import { listNewestOfTypes } from "#drizzle/queries/event-samples.ts";
import { findEventType } from "#drizzle/queries/event-types.ts";
import type { TypeDetailDto } from "#server/contract/schemas.ts";
import { recordedAt } from "#server/domain/instant.ts";
import { inferSchema, listFields } from "#server/domain/schemas/infer.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { getAsOf } from "../events/as-of.ts";
import { envelopeNameIds } from "../events/envelopes.ts";
import { countWindow } from "./count-window.ts";
import { describeTypes, shapeOfAll, toSampled } from "./sample-types.ts";

/** Events that are looked at, and bytes of their payloads: some tens of milliseconds of work. */
const SAMPLE = { limit: 500, maxBytes: 4 * 1024 * 1024 };
const MAX_FIELDS = 200;

/** One event type, with the shape of its newest payloads and a schema made of it. Throws `not-found`. */
export async function getType(ctx: Context, type: string): Promise<TypeDetailDto> {
  const asOf = await getAsOf(ctx);
  const window = countWindow(ctx);
  const row = await findEventType(ctx.sql, { name: type, ...window });
  const [summary] = row === null ? [] : await describeTypes(ctx, [row], SAMPLE);
  if (row === null || !summary) {
    throw new AppError(
      "not-found",
      `No event of the type ${type} has come, and no schema is registered for it.`,
    );
  }
  return { ...summary, window, inferred: await inferType(ctx, row.id), asOf };
}

async function inferType({ sql, names }: Context, typeId: number): Promise<TypeDetailDto["inferred"]> {
  const rows = await listNewestOfTypes(sql, [typeId], SAMPLE);
  const nameOf = await names.resolve(rows.flatMap(envelopeNameIds));
  const { shape, read } = shapeOfAll(rows.map((row) => toSampled(row, nameOf)));
  const fields = shape === null ? [] : listFields(shape, MAX_FIELDS + 1);
  const [newest, oldest] = [rows[0], rows.at(-1)];
  return {
    read,
    skipped: rows.length - read,
    from: oldest ? recordedAt(oldest.position) : null,
    to: newest ? recordedAt(newest.position) : null,
    schema: shape === null ? null : inferSchema(shape),
    fields: fields.slice(0, MAX_FIELDS).map((field) => ({ ...field, types: [...field.types] })),
    fieldsCapped: fields.length > MAX_FIELDS,
  };
}
