/** Names that identify and say nothing else: `orderId`, `customer_id`, `id`, `uuid`, `orderRef`. */
const IDENTIFIER = /^(id|uuid|guid|key|ref)$|(Id|Uuid|Key|Ref|_id|_uuid|_key|_ref|-id)$/;
const MAX_FIELDS = 50;

/** The fields that a payload has at its top, and whether nothing but identifiers is in it; null for what is no object. */
export function readFields(payload: string): { fields: string[]; isIdOnly: boolean } | null {
  const value = parse(payload);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const members = Object.entries(value);
  const isIdentifier = ([name, member]: [string, unknown]) =>
    IDENTIFIER.test(name) && (typeof member === "string" || typeof member === "number");
  return {
    fields: members.slice(0, MAX_FIELDS).map(([name]) => name),
    isIdOnly: members.length > 0 && members.every(isIdentifier),
  };
}

/** Names that more than half of the payloads have. */
export function commonFields(payloads: readonly { fields: readonly string[] }[]): string[] {
  const counts = new Map<string, number>();
  for (const { fields } of payloads)
    for (const field of fields) counts.set(field, (counts.get(field) ?? 0) + 1);
  return [...counts].filter(([, count]) => count * 2 > payloads.length).map(([field]) => field);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
