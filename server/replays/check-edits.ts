import { setImmediate } from "node:timers/promises";
import type { Sql, SqlTx } from "#drizzle/db.ts";
import { type ItemPayload, listItemKeys, listItemPayloads } from "#drizzle/queries/replay-planning.ts";
import type { ItemSource } from "#drizzle/queries/replay-writing.ts";
import type { PayloadEdit, ReplayPlanDto } from "#server/contract/replays.ts";
import type { EventData } from "#server/domain/event.ts";
import type { SchemaProblem } from "#server/domain/schemas/read-schema.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { dataOf, extensionsOf } from "../events/envelopes.ts";
import { editPayload, problemOfEdit } from "./edit-payload.ts";

const SAMPLES = 5;
/** Every payload is edited before anything is written, to know that it can be. */
const MAX_EDITED = 100_000;
const AT_ONCE = 100;

type Schemas = Pick<Context["schemas"], "find">;

export type CheckedEdits = {
  /** Items to which the edit can't be applied. */
  failed: { position: string; subscriptionId: number }[];
  /** Items whose edited payload violates the schema of its type. */
  violating: number;
};

/**
 * Applies an edit to the payload of every item, and keeps nothing but what is wrong with it. Throws `invalid` where
 * there are too many, or the edit can be applied to nothing.
 */
export async function checkEdits(
  sql: Sql | SqlTx,
  schemas: Schemas,
  source: ItemSource,
  edit: PayloadEdit,
): Promise<CheckedEdits> {
  const problem = problemOfEdit(edit);
  if (problem !== null) throw new AppError("invalid", problem);
  const keys = await listItemKeys(sql, source, MAX_EDITED + 1);
  if (keys.length > MAX_EDITED) {
    const message = `At most ${MAX_EDITED} payloads can be edited at a time. Select fewer, or leave the edit out.`;
    throw new AppError("invalid", message);
  }
  if (edit.kind === "payload" && keys.some(({ position }) => position !== keys[0]?.position)) {
    throw new AppError(
      "invalid",
      "A whole payload can be given for one letter only. Use a patch for several.",
    );
  }
  const checked: CheckedEdits = { failed: [], violating: 0 };
  for (let first = 0; first < keys.length; first += AT_ONCE) {
    for (const row of await listItemPayloads(sql, keys.slice(first, first + AT_ONCE))) {
      const edited = editPayload(edit, payloadOf(row));
      const { position, subscription_id: subscriptionId } = row;
      if (edited.kind === "failed") checked.failed.push({ position, subscriptionId });
      else if (violationsOf(schemas, row, edited.text).length > 0) checked.violating += 1;
    }
    // Other work of the process has its turn.
    await setImmediate();
  }
  return checked;
}

/** The first items, and what an edit makes of them. */
export async function sampleEdits(
  sql: Sql | SqlTx,
  schemas: Schemas,
  source: ItemSource,
  edit: PayloadEdit | null,
): Promise<ReplayPlanDto["samples"]> {
  const rows = await listItemPayloads(sql, await listItemKeys(sql, source, SAMPLES));
  return rows.map((row) => {
    const data = payloadOf(row);
    const common = { position: row.position, consumer: row.consumer, before: textOf(data) };
    if (edit === null) return { ...common, after: null, problem: null, violations: [] };
    const edited = editPayload(edit, data);
    if (edited.kind === "failed") return { ...common, after: null, problem: edited.reason, violations: [] };
    const violations = violationsOf(schemas, row, edited.text).map(({ path, reason }) => ({ path, reason }));
    return { ...common, after: edited.text, problem: null, violations };
  });
}

function payloadOf({ data_encoding, data_text, data_bytes }: ItemPayload): EventData {
  return dataOf(data_encoding, data_text, data_bytes);
}

function textOf(data: EventData): string {
  if (data.encoding === "none") return "";
  return data.encoding === "binary" ? Buffer.from(data.bytes).toString("base64") : data.text;
}

function violationsOf(schemas: Schemas, row: ItemPayload, text: string): readonly SchemaProblem[] {
  const known = schemas.find(row.type);
  if (known === null) return [];
  const judgement = known.schemas.judge({
    data: { encoding: "json", text },
    extensions: extensionsOf(row.extensions),
    dataSchema: row.data_schema,
  });
  return judgement.kind === "violation" ? judgement.problems : [];
}
