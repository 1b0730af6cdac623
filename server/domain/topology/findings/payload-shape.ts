import type { PayloadShapes } from "./finding-input.ts";

/** More fields than this are more than a reference. */
const MOST_ID_FIELDS = 3;
const LONGEST_ID = 100;
/** By its name, a field that refers to something: `id`, `orderId`, `order_id`, `customer-number`, `self.href`. */
const REFERENCE_NAME =
  /(^|[a-z0-9]|[_\-.])(id|Id|ID|ids|Ids|key|Key|number|Number|no|No|ref|Ref|uuid|Uuid|UUID|urn|url|Url|uri|Uri|href|link)$/;

/** What payloads of one type from one service hold, from their texts; what is no JSON object counts as looked at. */
export function shapePayloads(texts: readonly string[]): Pick<PayloadShapes, "looked" | "idOnly" | "fields"> {
  const objects = texts.flatMap((text) => readObject(text) ?? []);
  const counts = new Map<string, number>();
  for (const field of objects.flatMap((object) => Object.keys(object))) {
    counts.set(field, (counts.get(field) ?? 0) + 1);
  }
  return {
    looked: texts.length,
    idOnly: objects.filter(isIdOnly).length,
    fields: [...counts].filter(([, count]) => count * 2 > objects.length).map(([field]) => field),
  };
}

function readObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** It holds references and nothing that one could work with. */
function isIdOnly(object: object): boolean {
  const fields = Object.entries(object);
  if (fields.length === 0 || fields.length > MOST_ID_FIELDS) return false;
  return fields.every(
    ([name, value]) =>
      REFERENCE_NAME.test(name) &&
      (typeof value === "number" ||
        (typeof value === "string" && value.length <= LONGEST_ID && !/\s/.test(value))),
  );
}
