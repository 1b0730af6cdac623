import type { FlowExchanges } from "./flow-exchanges.ts";
import type { OrderCounts, Table } from "./flow-summary.ts";
import type { ObservedFlow } from "./observed-flow.ts";

/** The first time that a service sent one type to another one within a flow, and when it was answered. */
type Step = { edge: string; type: string; answerer: string; question: number; answer: number | null };

export type FlowSteps = {
  orders: Table<OrderCounts>;
  /** Services for which two others were at work at the same time. */
  overlapping: ReadonlySet<string>;
  /** By key of the edge: what went to a service that had answered another type before. */
  visits: ReadonlyMap<string, { isReversed: boolean }>;
};

/** More steps of one service within a flow are not compared. */
const MOST_STEPS = 24;

/** In which order a service takes its steps, which overlap, and which take an earlier one back in reverse. */
export function countSteps(flow: ObservedFlow, found: FlowExchanges): FlowSteps {
  const orders: Table<OrderCounts> = {};
  const overlapping = new Set<string>();
  const visits = new Map<string, { isReversed: boolean }>();
  for (const [asker, steps] of findSteps(flow, found)) {
    for (const [index, first] of steps.entries()) {
      for (const then of steps.slice(index + 1)) {
        if (first.answer === null || then.answer === null) continue;
        const key = JSON.stringify([asker, first.type, first.answerer, then.type, then.answerer]);
        const isSequential = then.question > first.answer;
        orders[key] = { sequential: isSequential ? 1 : 0, overlapped: isSequential ? 0 : 1 };
        if (!isSequential && first.answerer !== then.answerer) overlapping.add(asker);
      }
    }
    for (const [edge, visit] of findRevisits(steps)) visits.set(edge, visit);
  }
  return { orders, overlapping, visits };
}

function findSteps({ events }: ObservedFlow, { reactions, exchanges }: FlowExchanges): Map<string, Step[]> {
  const pairs = new Set(exchanges.map(({ asker, answerer }) => JSON.stringify([asker, answerer])));
  const answers = new Map<string, number>();
  for (const { question, answerer, answer } of exchanges) answers.set(`${question}/${answerer}`, answer);
  const byAsker = new Map<string, Map<string, Step>>();
  for (const [question, { service: asker, type }] of events.entries()) {
    for (const { service: answerer } of reactions[question] ?? []) {
      if (!pairs.has(JSON.stringify([asker, answerer]))) continue;
      const edge = JSON.stringify([asker, type, answerer]);
      const steps = byAsker.get(asker) ?? new Map<string, Step>();
      byAsker.set(asker, steps);
      const answer = answers.get(`${question}/${answerer}`) ?? null;
      const known = steps.get(edge);
      if (known === undefined && steps.size < MOST_STEPS)
        steps.set(edge, { edge, type, answerer, question, answer });
      else if (known !== undefined) known.answer ??= answer;
    }
  }
  return new Map([...byAsker].map(([asker, steps]) => [asker, [...steps.values()]]));
}

/** Steps to services that answered another type before. They run in reverse where each goes further back than the last. */
function findRevisits(steps: readonly Step[]): Map<string, { isReversed: boolean }> {
  const revisits = steps.flatMap((step, index) => {
    const earlier = steps.findIndex(
      ({ answerer, type, answer }, other) =>
        other < index &&
        answerer === step.answerer &&
        type !== step.type &&
        answer !== null &&
        answer < step.question,
    );
    return earlier === -1 ? [] : [{ edge: step.edge, earlier }];
  });
  return new Map(
    revisits.map(({ edge, earlier }, index) => {
      const before = revisits[index - 1];
      const after = revisits[index + 1];
      const isReversed =
        (before !== undefined || after !== undefined) &&
        (before === undefined || before.earlier > earlier) &&
        (after === undefined || earlier > after.earlier);
      return [edge, { isReversed }];
    }),
  );
}
