import type { SummaryRow } from "#drizzle/queries/event-reading.ts";
import type { EventFilter } from "#server/contract/events.ts";
import { EVENT_KINDS } from "#server/domain/event.ts";
import { compileGlob } from "#server/domain/glob.ts";
import { positionAt } from "#server/domain/instant.ts";

export type NameOf = (id: number) => string;

/** Whether the filter needs the payload to decide. */
export function needsData(filter: EventFilter): boolean {
  return filter.q !== undefined;
}

/**
 * The filter of the read API as a test of one row of the log; `to` is left out, since a live view has no end. Verdicts
 * about names are remembered by id, so that a row costs a few comparisons.
 */
export function compileMatcher(filter: EventFilter): (row: SummaryRow, nameOf: NameOf) => boolean {
  const isType = nameTest(filter.type);
  const isSource = nameTest(filter.source);
  const subjects = filter.subject?.map(compileGlob);
  const kinds = filter.kind?.map((kind) => EVENT_KINDS.indexOf(kind));
  const from = filter.from === undefined ? 0 : Number(positionAt(filter.from) ?? 0n);
  const texts = filter.q === undefined ? null : spellings(filter.q);
  return (row, nameOf) => {
    if (isType && !isType(row.type_id, nameOf)) return false;
    if (isSource && !isSource(row.source_id, nameOf)) return false;
    if (kinds && (row.kind === null || !kinds.includes(row.kind))) return false;
    if (filter.correlationid !== undefined && row.correlation_id !== filter.correlationid) return false;
    const { subject } = row;
    if (subjects && (subject === null || !subjects.some((test) => test(subject)))) return false;
    if (from > 0 && Number(row.position) < from) return false;
    if (!texts) return true;
    const payload = row.data_text?.toLowerCase();
    return payload !== undefined && texts.some((text) => payload.includes(text));
  };
}

function nameTest(patterns: string[] | undefined): ((id: number, nameOf: NameOf) => boolean) | null {
  if (patterns === undefined || patterns.length === 0) return null;
  const tests = patterns.map(compileGlob);
  const verdicts = new Map<number, boolean>();
  return (id, nameOf) => {
    let verdict = verdicts.get(id);
    if (verdict === undefined) {
      const name = nameOf(id);
      verdict = tests.some((test) => test(name));
      verdicts.set(id, verdict);
    }
    return verdict;
  };
}

/** JSON may spell a character beyond ASCII, a quote or a slash as an escape: look for either spelling. */
export function spellings(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  const ascii = escaped.replace(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return [...new Set([text, escaped, ascii])].map((one) => one.toLowerCase());
}
