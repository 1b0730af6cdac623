import { isObject } from "./json-schema.ts";

/** Keywords that say what a document is, or where: they hold no more inside of another. */
const OF_A_DOCUMENT = new Set(["$schema", "$id", "$anchor"]);
/** Keywords whose members are named by the author, not by the language. */
const NAMED = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
/** Values that are data, not schemas. */
const DATA = new Set(["const", "enum", "default", "examples"]);

/**
 * A registered schema as it can stand inside of another document: its references lead to where it stands now. Data that
 * looks like a reference, and a field that is called `$ref`, are left out: tools would take them for one.
 *
 * @param text a schema that `readSchema` takes
 * @param pointer where it will stand: `#/components/schemas/order`
 */
export function embedSchema(text: string, pointer: string): unknown {
  const root: unknown = JSON.parse(text);
  const anchors = new Map<string, string>();
  findAnchors(root, pointer, anchors);
  return embed(root, pointer, anchors);
}

function embed(value: unknown, pointer: string, anchors: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => embed(one, pointer, anchors));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([name, member]) => !OF_A_DOCUMENT.has(name) && !(DATA.has(name) && looksLikeReference(member)),
  );
  return Object.fromEntries(
    kept.map(([name, member]) => {
      if (name === "$ref" && typeof member === "string")
        return [name, movedReference(member, pointer, anchors)];
      if (DATA.has(name)) return [name, member];
      if (NAMED.has(name) && isObject(member)) {
        const members = Object.entries(member)
          .filter(([key]) => key !== "$ref")
          .map(([key, one]) => [key, embed(one, pointer, anchors)]);
        return [name, Object.fromEntries(members)];
      }
      return [name, embed(member, pointer, anchors)];
    }),
  );
}

/** Whether data holds what tools take for a reference wherever it stands, so that they would look for a file. */
function looksLikeReference(data: unknown): boolean {
  if (Array.isArray(data)) return data.some(looksLikeReference);
  if (!isObject(data)) return false;
  return typeof data.$ref === "string" || Object.values(data).some(looksLikeReference);
}

function movedReference(reference: string, pointer: string, anchors: ReadonlyMap<string, string>): string {
  const fragment = reference.slice(reference.indexOf("#") + 1);
  if (!reference.includes("#") || fragment === "") return pointer;
  return fragment.startsWith("/") ? `${pointer}${fragment}` : (anchors.get(fragment) ?? pointer);
}

/** AsyncAPI's references are pointers only. */
function findAnchors(value: unknown, pointer: string, anchors: Map<string, string>): void {
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) findAnchors(one, `${pointer}/${index}`, anchors);
    return;
  }
  if (!isObject(value)) return;
  if (typeof value.$anchor === "string") anchors.set(value.$anchor, pointer);
  for (const [name, member] of Object.entries(value)) {
    const step = name.replaceAll("~", "~0").replaceAll("/", "~1");
    if (!DATA.has(name)) findAnchors(member, `${pointer}/${step}`, anchors);
  }
}
