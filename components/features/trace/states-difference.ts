import { formatJson } from "#components/ui/json-format.ts";

/** A field that a read model shows otherwise than the aggregate has it, both as they are written. */
export type FieldDifference = { name: string; aggregate: string; shown: string };

/**
 * Fields of the same name that an aggregate and a read model have on their outermost level with different plain values.
 * A read model has fields of its own, and leaves others out: that is no difference.
 */
export function findDifferences(aggregate: string, shown: string): FieldDifference[] {
  const fields = plainFields(aggregate);
  return [...plainFields(shown)].flatMap(([name, value]) => {
    const own = fields.get(name);
    return own === undefined || own === value ? [] : [{ name, aggregate: own, shown: value }];
  });
}

/** By name; texts and numbers as they stand in the text, which no JavaScript number has gone through. */
function plainFields(text: string): Map<string, string> {
  const formatted = formatJson(text);
  const fields = new Map<string, string>();
  if (formatted.kind !== "formatted") return fields;
  for (const line of formatted.text.split("\n")) {
    const found = /^ {2}("(?:[^"\\]|\\.)*"): ([^[{].*?),?$/.exec(line);
    if (found?.[1] !== undefined && found[2] !== undefined)
      fields.set(String(JSON.parse(found[1])), found[2]);
  }
  return fields;
}
