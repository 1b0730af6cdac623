import { scanArray, scanObject, skipSpace } from "#server/domain/envelope/json-slices.ts";

/** A value of a JSON text that differs, as it is written; absent on the side that does not have it. */
export type JsonChange = { path: string; before: string | null; after: string | null };

/**
 * What differs between two JSON texts, leaf by leaf, in the order of the second. Values are compared as they are
 * written, so that large numbers differ where they do.
 */
export function diffJson(before: string | null, after: string | null): JsonChange[] {
  const old = leavesOf(before);
  const next = leavesOf(after);
  const changes: JsonChange[] = [];
  for (const [path, value] of next) {
    const previous = old.get(path) ?? null;
    if (previous !== value) changes.push({ path, before: previous, after: value });
  }
  for (const [path, value] of old) {
    if (next.has(path)) continue;
    // What became an object or a list stands above what is in it now.
    const inside = changes.findIndex(
      ({ path: one }) => one.startsWith(`${path}.`) || one.startsWith(`${path}[`),
    );
    changes.splice(inside === -1 ? changes.length : inside, 0, { path, before: value, after: null });
  }
  return changes;
}

function leavesOf(text: string | null): Map<string, string> {
  const leaves = new Map<string, string>();
  if (text !== null) collect(text, skipSpace(text, 0), text.trimEnd().length, "", leaves);
  return leaves;
}

/** Empty objects and arrays are leaves too: that there is one says something. */
function collect(text: string, start: number, end: number, path: string, leaves: Map<string, string>): void {
  const object = scanObject(text, start, text.length);
  if (object !== null && object.memberCount > 0) {
    for (let member = 0; member < object.memberCount; member += 1) {
      const name = object.key(member);
      const at = object.valueStart(member);
      const below = path === "" ? name : `${path}.${name}`;
      collect(text, at, at + object.rawValue(member).length, below, leaves);
    }
    return;
  }
  let index = 0;
  scanArray(text, start, text.length, (_, from, to) => {
    collect(text, from, to, `${path}[${index}]`, leaves);
    index += 1;
  });
  if (index === 0) leaves.set(path, text.slice(start, end));
}
