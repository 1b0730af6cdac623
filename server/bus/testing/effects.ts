import type { Bus } from "../bus.ts";
import { openTestBus, type TestBus, until } from "./open-bus.ts";

/** The bus of the present test file, with a table of effects; `openEffects` makes it. */
export let bus: TestBus;
export let worker: Bus;

export async function openEffects(): Promise<void> {
  bus = await openTestBus();
  await bus.sql`create table effects (
    at bigint generated always as identity, consumer text not null, id text not null, attempt integer not null)`;
  worker = await bus.startBus();
}

/** Registers a handler that writes its effect, after whatever `act` does. */
export function register(
  consumer: string,
  act: (id: string, attempt: number, signal: AbortSignal) => unknown = () => {},
  transaction: "each" | "batch" = "each",
) {
  bus.handlers.register(consumer, {
    transaction,
    handle: async (event, { tx, attempt, signal }) => {
      await tx`insert into effects (consumer, id, attempt) values (${consumer}, ${event.id}, ${attempt})`;
      await act(event.id, attempt, signal);
    },
  });
}

export const only = (type: string) => ({ filters: [{ exact: { type } }] });
export const numbered = (type: string, count: number, rest = {}) =>
  Array.from({ length: count }, (_, index) => ({ id: `${type}-${index}`, type, ...rest }));

export async function effectsOf(consumer: string): Promise<string[]> {
  const rows = await bus.sql<
    { id: string }[]
  >`select id from effects where consumer = ${consumer} order by at`;
  return rows.map(({ id }) => id);
}

export async function standingOf(consumer: string) {
  const [row] = await bus.sql<
    {
      pending: number;
      succeeded: number;
      retrying: number;
      dead: number;
      attempts: number;
      generation: number;
    }[]
  >`
    select (count(*) filter (where status = 0))::int as pending, (count(*) filter (where status = 2))::int as succeeded,
      (count(*) filter (where status = 3))::int as retrying, (count(*) filter (where status = 4))::int as dead,
      coalesce(sum(d.attempts), 0)::int as attempts, coalesce(max(d.generation), 0) as generation
    from deliveries d join subscriptions s on s.id = subscription_id where consumer = ${consumer}`;
  if (!row) throw new Error("An aggregate gives a row.");
  return row;
}

export const settles = (consumer: string, count: number) =>
  until(async () => {
    const { succeeded, dead } = await standingOf(consumer);
    return succeeded + dead === count;
  });

/** Waits for the ends of stretches, and counts what they wrote down. */
export async function endsStretches(): Promise<void> {
  await until(async () => {
    const [row] = await bus.sql`select exists (select from delivery_leases) as open`;
    return row?.open === false;
  });
  await bus.countAttempts();
}
