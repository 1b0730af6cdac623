/** What names of sources, consumers and channels tell about what belongs together. */

/** `/samples/orders/shop` and `orders.shop` end in the same segment: what something is called by itself. */
export function lastSegment(name: string): string {
  return segmentsOf(name).at(-1) ?? name;
}

/** The segment before the last: what something belongs to by its name; null where there is none. */
export function parentSegment(name: string): string | null {
  return segmentsOf(name).at(-2) ?? null;
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
