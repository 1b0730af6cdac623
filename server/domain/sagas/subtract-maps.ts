import type { Counts, Table } from "../topology/flow-summary.ts";
import type { ProcessMap, StepCounts, VariantCounts } from "./process-map.ts";

/**
 * Takes traces out of a map that they were counted in. What is left is the map of the others, as long as no table was
 * full: of a row that had been cut off, there is nothing to take. Names stay what they were called by all together.
 */
export function subtractMaps(from: ProcessMap, taken: ProcessMap): ProcessMap {
  return {
    flows: Math.max(0, from.flows - taken.flows),
    steps: subtractTables(from.steps, taken.steps, subtractSteps),
    branches: subtractTables(from.branches, taken.branches, (a, b) => ({
      flows: a.flows - b.flows,
      times: a.times - b.times,
    })),
    variants: subtractTables(from.variants, taken.variants, subtractVariants),
    ends: subtractCounts(from.ends, taken.ends),
  };
}

function subtractSteps(a: StepCounts, b: StepCounts): StepCounts {
  return {
    name: a.name,
    service: a.service,
    flows: a.flows - b.flows,
    visits: a.visits - b.visits,
    last: a.last - b.last,
    compensating: a.compensating - b.compensating,
    states: subtractCounts(a.states, b.states),
    took: subtractCounts(a.took, b.took),
    wentOnAfter: subtractCounts(a.wentOnAfter, b.wentOnAfter),
  };
}

function subtractVariants(a: VariantCounts, b: VariantCounts): VariantCounts {
  return {
    flows: a.flows - b.flows,
    stages: a.stages,
    ends: subtractCounts(a.ends, b.ends),
    took: subtractCounts(a.took, b.took),
  };
}

/** Rows of which nothing is left are gone. */
function subtractTables<Row extends { flows: number }>(
  from: Table<Row>,
  taken: Table<Row>,
  subtract: (a: Row, b: Row) => Row,
): Table<Row> {
  const left = new Map(Object.entries(from));
  for (const [key, row] of Object.entries(taken)) {
    const known = left.get(key);
    if (known === undefined) continue;
    const rest = subtract(known, row);
    if (rest.flows > 0) left.set(key, rest);
    else left.delete(key);
  }
  return Object.fromEntries(left);
}

function subtractCounts(from: Counts, taken: Counts): Counts {
  const left = { ...from };
  for (const [name, count] of Object.entries(taken)) {
    const rest = (left[name] ?? 0) - count;
    if (rest > 0) left[name] = rest;
    else delete left[name];
  }
  return left;
}
