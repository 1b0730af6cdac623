import { findViolation } from "#drizzle/queries/schema-violations.ts";
import type { EventSchemaDto } from "#server/contract/event-schema.ts";
import type { EventDetailDto, EventViewDto } from "#server/contract/events.ts";
import { structuredJson } from "#server/domain/envelope/write-envelope.ts";
import type { EventData } from "#server/domain/event.ts";
import { versionOf } from "#server/domain/schemas/event-version.ts";
import { withUpcast } from "#server/domain/schemas/type-schemas.ts";
import type { Context } from "#server/platform/context.ts";
import { listEnvelopes } from "../events/envelopes.ts";
import { toViolation } from "./list-violations.ts";

/** Adds to an event how it stands to the schemas of its type; its upcast payload where that is asked for. */
export async function describeEvent(
  ctx: Context,
  event: EventDetailDto,
  { isUpcast }: { isUpcast: boolean },
): Promise<EventViewDto> {
  const row = await findViolation(ctx.sql, event.position);
  const violation = row && toViolation(row);
  const upcast = isUpcast ? upcastOf(ctx, event) : null;
  return { ...event, schema: { version: versionOf(event), violation, upcast } };
}

/** The envelope of a stored event in the newest version of its schema; as it is where nothing leads there. */
export async function upcastEnvelope(
  ctx: Context,
  { position, type, envelope }: EventDetailDto,
): Promise<string> {
  const known = ctx.schemas.find(type);
  const event = known && (await listEnvelopes(ctx.sql, ctx.names, [position])).get(position);
  return event ? structuredJson(withUpcast(event, known.schemas.upcast(event))) : envelope;
}

function upcastOf({ schemas }: Context, event: EventDetailDto): EventSchemaDto["upcast"] {
  const { encoding, text } = event.data;
  if (encoding !== "json") return null;
  const data: EventData = { encoding, text };
  const view = schemas.find(event.type)?.schemas.upcast({ ...event, data }) ?? { kind: "current" };
  return view.kind === "current" ? null : view;
}
