import { findCauses } from "../flow-causes.ts";
import type { ObservedFlow } from "../observed-flow.ts";
import { edgeIdsBetween } from "./edge-ids.ts";
import { type Finding, MOST_PROOFS, type Severity } from "./finding.ts";
import type { FindingInput } from "./finding-input.ts";

/** So often must an event lead to one of its own type and service before it is a cycle: once may be a second try. */
export const LEAST_TURNS = 2;
export const HARMFUL_TURNS = 10;
const DEEPEST = 200;

type Cycle = { path: { service: string; type: string }[]; turns: number; flows: string[] };

/** Events that lead to themselves by way of another service, several times within one flow. */
export function findCycles(input: FindingInput): Finding[] {
  const cycles = new Map<string, Cycle>();
  for (const flow of input.flows) {
    const inFlow = new Map<string, Cycle>();
    for (const { path, turns } of cyclesOf(flow)) {
      const key = keyOf(path);
      const known = inFlow.get(key);
      if (known === undefined || known.turns < turns) inFlow.set(key, { path, turns, flows: [] });
    }
    for (const [key, { path, turns }] of inFlow) {
      const known = cycles.get(key) ?? { path, turns: 0, flows: [] };
      known.turns = Math.max(known.turns, turns);
      known.flows.push(flow.correlationId);
      cycles.set(key, known);
    }
  }
  return [...cycles].map(([key, cycle]) => describeCycle(input, key, cycle));
}

/** For each event that closes a turn: the way back to where the turn began, and how many turns came before. */
function cyclesOf(flow: ObservedFlow): { path: Cycle["path"]; turns: number }[] {
  const { causes } = findCauses(flow);
  return flow.events.flatMap(({ service, type }, index) => {
    const path = [{ service, type }];
    let turns = 0;
    let firstPath: Cycle["path"] | null = null;
    let cause = causes[index] ?? null;
    for (let depth = 0; cause !== null && depth < DEEPEST; depth += 1) {
      const event = flow.events[cause];
      if (event === undefined) break;
      const hasReturned = event.service === service && event.type === type;
      if (hasReturned && (firstPath !== null || path.some((one) => one.service !== service))) {
        firstPath ??= path.toReversed();
        turns += 1;
      }
      path.push({ service: event.service, type: event.type });
      cause = causes[cause] ?? null;
    }
    return firstPath !== null && turns >= LEAST_TURNS ? [{ path: firstPath, turns }] : [];
  });
}

/** The same for every event of a cycle: it does not matter where one begins to go round. */
function keyOf(path: Cycle["path"]): string {
  return JSON.stringify(path.map(({ service, type }) => `${service} ${type}`).toSorted());
}

function describeCycle(input: FindingInput, key: string, { path, turns, flows }: Cycle): Finding {
  const severity: Severity = turns >= HARMFUL_TURNS ? "harm" : "risk";
  return {
    id: `cycle:${key}`,
    kind: "cycle",
    severity,
    nodes: [...new Set(path.map(({ service }) => service))],
    edges: [
      ...new Set(
        path.flatMap(({ service, type }, index) => {
          const next = path[(index + 1) % path.length];
          return next === undefined ? [] : edgeIdsBetween(input, { from: service, to: next.service, type });
        }),
      ),
    ],
    types: [...new Set(path.map(({ type }) => type))],
    numbers: { turns, flows: flows.length },
    names: {},
    flows: flows.slice(0, MOST_PROOFS),
    positions: [],
  };
}
