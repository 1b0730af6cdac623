import { type Finding, MOST_PROOFS, type Severity } from "./finding.ts";
import type { FindingInput, VersionCount } from "./finding-input.ts";

export const LEAST_FAILED = 3;
/** Of the events of a version: from here on, a consumer can't read it. */
export const UNREADABLE_SHARE = 0.5;
/** Of the events of another version of the type: up to here, it can read that one. */
export const READABLE_SHARE = 0.1;

type Taken = VersionCount["consumers"][number] & { version: VersionCount };

/** A consumer that fails at one version of a type and not at another: producer and consumer have drifted apart. */
export function findVersionSkew({ versions, edges }: FindingInput): Finding[] {
  return [...Map.groupBy(versions, ({ type }) => type).values()].flatMap((ofType) => {
    const taken = ofType.flatMap((version) => version.consumers.map((one) => ({ ...one, version })));
    return [...Map.groupBy(taken, ({ service }) => service).values()].flatMap((own) => {
      const readable = own.find((one) => one.handled > 0 && shareFailed(one) <= READABLE_SHARE);
      if (readable === undefined) return [];
      return own
        .filter((one) => one.failed >= LEAST_FAILED && shareFailed(one) >= UNREADABLE_SHARE)
        .map((failing) => describeSkew({ failing, readable, edges }));
    });
  });
}

function shareFailed({ handled, failed }: Taken): number {
  return handled + failed === 0 ? 0 : failed / (handled + failed);
}

function describeSkew({
  failing,
  readable,
  edges,
}: {
  failing: Taken;
  readable: Taken;
  edges: FindingInput["edges"];
}): Finding {
  const { type, version, producers } = failing.version;
  const severity: Severity = "harm";
  return {
    id: `version-skew:${failing.service}:${type}:${version}`,
    kind: "version-skew",
    severity,
    nodes: [failing.service, ...producers.map(({ service }) => service)],
    edges: edges
      .filter(({ to, types }) => to === failing.service && types.includes(type))
      .map(({ id }) => id),
    types: [type],
    numbers: {
      failed: failing.failed,
      handled: failing.handled,
      otherFailed: readable.failed,
      otherHandled: readable.handled,
    },
    names: { version, other: readable.version.version },
    flows: [],
    positions: failing.positions.slice(0, MOST_PROOFS),
  };
}
