/** What names of sources, consumers and channels tell about what belongs together. */

/** `/samples/orders/shop` and `orders.shop` end in the same segment: what something is called by itself. */
export function lastSegment(name: string): string {
  return segmentsOf(name).at(-1) ?? name;
}

/** The segment before the last: what something belongs to by its name; null where there is none. */
export function parentSegment(name: string): string | null {
  return segmentsOf(name).at(-2) ?? null;
}

/** What named things belong to: the segment before the last of their names, where two share it. By id. */
export function groupByNames(things: Iterable<{ id: string; name: string }>): Map<string, string> {
  const parents = new Map<string, string>();
  const members = new Map<string, number>();
  for (const { id, name } of things) {
    const parent = parentSegment(name);
    if (parent === null || parents.has(id)) continue;
    parents.set(id, parent);
    members.set(parent, (members.get(parent) ?? 0) + 1);
  }
  return new Map([...parents].filter(([, parent]) => (members.get(parent) ?? 0) > 1));
}

/** How many segments two names share from the end: 0 where they are called differently. */
export function sharedSegments(a: string, b: string): number {
  const [left, right] = [segmentsOf(a).toReversed(), segmentsOf(b).toReversed()];
  let shared = 0;
  while (shared < left.length && left[shared] === right[shared]) shared += 1;
  return shared;
}

/** A path or an address is divided by its slashes, any other name by dots and colons. */
function segmentsOf(name: string): string[] {
  const path = name.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "");
  return path.split(path.includes("/") ? "/" : /[.:]/).filter((segment) => segment !== "");
}
