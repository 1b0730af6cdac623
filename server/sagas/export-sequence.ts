import type { SEQUENCE_FORMATS } from "#server/contract/sagas.ts";
import { drawSequence } from "#server/domain/sagas/sequence.ts";
import { writeSequence } from "#server/domain/sagas/write-sequence.ts";
import { readFlow, type TraceCtx, type TraceQuery } from "./read-flow.ts";

export type SequenceExport = { contentType: string; fileName: string; text: string };

const MAX_NAME_LENGTH = 80;

/** The sequence diagram of a flow for other tools. Throws like `getTrace`. */
export async function exportSequence(
  ctx: TraceCtx,
  { format: _, ...query }: TraceQuery & { format: (typeof SEQUENCE_FORMATS)[number] },
): Promise<SequenceExport> {
  const { reference, trace } = await readFlow(ctx, query);
  const name = `sequence-${reference.subject ?? reference.value}`.replace(/[^\w.-]+/g, "-");
  return {
    contentType: "text/plain; charset=utf-8",
    fileName: `${name.slice(0, MAX_NAME_LENGTH)}.mmd`,
    text: writeSequence(drawSequence(trace)),
  };
}
