/** Something that events had not had before: most failures begin with one. Moments in RFC 3339. */
export type Arrival = {
  kind: "new-type" | "new-version" | "new-source";
  subject: string;
  /** Of a version, the type. */
  of: string | null;
  at: string;
};

/** What arrives within so long after the one before came with it, as what a deployment brings does. */
const TOGETHER_MS = 60_000;
const ORDER: Record<Arrival["kind"], number> = { "new-source": 0, "new-version": 1, "new-type": 2 };

/** What arrived together, the oldest first; in each the producers, then the versions, then the types. */
export function groupArrivals(arrivals: readonly Arrival[]): [Arrival, ...Arrival[]][] {
  const groups: [Arrival, ...Arrival[]][] = [];
  let lastMs = -Infinity;
  for (const arrival of arrivals.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    const atMs = Date.parse(arrival.at);
    const group = groups.at(-1);
    if (group !== undefined && atMs - lastMs <= TOGETHER_MS) group.push(arrival);
    else groups.push([arrival]);
    lastMs = atMs;
  }
  for (const group of groups) group.sort((a, b) => ORDER[a.kind] - ORDER[b.kind]);
  return groups;
}

/** A little before it was noticed: it is noticed when it is counted. */
const NOTICED_LATE_MS = 60_000;
const MAX_NAMED = 20;

/** The page of the console that shows the first events of what arrived. */
export function arrivalHref(arrivals: readonly Arrival[]): string {
  const kind = arrivals.some((one) => one.kind === "new-source") ? "new-source" : null;
  const firstMs = Math.min(...arrivals.map(({ at }) => Date.parse(at)));
  const params = new URLSearchParams();
  if (kind !== null) {
    for (const { subject } of arrivals.filter((one) => one.kind === kind).slice(0, MAX_NAMED))
      params.append("source", subject);
  } else {
    const types = new Set(arrivals.map(({ of, subject }) => of ?? subject));
    for (const type of [...types].slice(0, MAX_NAMED)) params.append("type", type);
  }
  params.set("from", new Date(firstMs - NOTICED_LATE_MS).toISOString());
  return `/events?${params}`;
}
