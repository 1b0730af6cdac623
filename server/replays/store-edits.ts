import type { SqlTx } from "#drizzle/db.ts";
import { insertDeliveryEdits, listStartedPayloads } from "#drizzle/queries/delivery-edits.ts";
import type { PayloadEdit } from "#server/contract/replays.ts";
import { dataOf } from "../events/envelopes.ts";
import { editPayload } from "./edit-payload.ts";

/**
 * Stores what an edit makes of the payloads of the items that this transaction has started. Each of them took the edit
 * when the replay was made, and events never change.
 */
export async function storeEdits(tx: SqlTx, replayId: number, edit: PayloadEdit): Promise<void> {
  const payloads = await listStartedPayloads(tx, replayId);
  const edits = payloads.map((row) => {
    const edited = editPayload(edit, dataOf(row.data_encoding, row.data_text, null));
    if (edited.kind === "failed")
      throw new Error(`The payload at ${row.position} can't be edited any more: ${edited.reason}`);
    const { position, subscription_id: subscriptionId, generation } = row;
    return { position, subscriptionId, generation, text: edited.text };
  });
  await insertDeliveryEdits(tx, replayId, edits);
}
