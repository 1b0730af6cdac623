import { randomUUID } from "node:crypto";
import type { Sql } from "#drizzle/db.ts";
import { insertProcess } from "#drizzle/queries/processes.ts";
import { appendTestEvents } from "#drizzle/testing/events.ts";
import { DELIVERY_STATUSES } from "#server/domain/delivery.ts";
import { recordedAt } from "#server/domain/instant.ts";
import type { SagaTransition } from "#server/domain/sagas/declared-saga.ts";
import type { AttemptOutcome, RecordedEvent } from "#server/domain/sagas/trace.ts";
import type { Recorded } from "#server/domain/sagas/trace-messages.ts";

const OUTCOMES: readonly AttemptOutcome[] = ["succeeded", "failed", "timed-out", "interrupted", "running"];

/**
 * Writes recorded flows down as the server does, part by part: events are appended in the order of the records that
 * are given, so what is given later was recorded later.
 */
export class FlowStore {
  readonly #sql: Sql;
  /** Positions in the database by flow and recorded position. */
  readonly #positions = new Map<string, string>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /**
   * @param flow the correlation id, which also goes before every id and stands in for the subject
   * @param change other attributes of the events
   */
  async store(
    recorded: Recorded,
    {
      flow,
      change = () => ({}),
    }: { flow: string; change?: (event: RecordedEvent) => Partial<RecordedEvent> },
  ): Promise<string[]> {
    const fresh = recorded.events.filter(({ position }) => !this.#positions.has(`${flow} ${position}`));
    const events = fresh.map((event) => {
      const { id, source, type, kind, channel, causationId, ...rest } = { ...event, ...change(event) };
      const causation = causationId === null ? null : `${flow}/${causationId}`;
      const correlationId = rest.correlationId === null ? null : flow;
      const subject = rest.subject === "order-1" ? flow : rest.subject;
      const { traceparent } = rest;
      const names = { id: `${flow}/${id}`, source, type, kind, channel, subject };
      return { ...names, correlationId, causationId: causation, traceparent };
    });
    const positions = events.length === 0 ? [] : await appendTestEvents(this.#sql, events);
    for (const [index, { position }] of fresh.entries()) {
      this.#positions.set(`${flow} ${position}`, positions[index] ?? "");
    }
    await this.#storeDeliveries(recorded, flow);
    return positions;
  }

  /** Writes down what a mediator noted of the run of a process that began with the first event of a flow. */
  async storeHistory(
    transitions: readonly SagaTransition[],
    { flow, process, key }: { flow: string; process: string; key: string },
  ): Promise<string> {
    const id = randomUUID();
    const shift = this.#shiftOf(flow);
    const [first] = [...this.#positions].filter(([one]) => one.startsWith(`${flow} `));
    const position = first?.[1] ?? "";
    await this.#sql.begin(async (tx) => {
      await insertProcess(tx, {
        id,
        name: process,
        key,
        correlationId: flow,
        position,
        at: recordedAt(position),
      });
      await tx`
        insert into process_transitions (process_id, sequence, at, kind, step)
        select ${id}, sequence, to_timestamp(("atUs" + ${shift}) / 1e6), kind, step
        from jsonb_to_recordset(${JSON.stringify(transitions)}::jsonb) as t (sequence integer, "atUs" float8,
          kind text, step text)`;
    });
    return id;
  }

  positionOf(flow: string, position: string): string | null {
    return this.#positions.get(`${flow} ${position}`) ?? null;
  }

  async #storeDeliveries({ deliveries, attempts }: Recorded, flow: string): Promise<void> {
    const ids = await this.#subscribe([...deliveries, ...attempts].map(({ consumer }) => consumer));
    const shift = this.#shiftOf(flow);
    const at = (us: number | null) => (us === null ? null : us + shift);
    const rows = deliveries.flatMap((one) => {
      const position = this.positionOf(flow, one.position);
      const status = DELIVERY_STATUSES.indexOf(one.status);
      const place = { position, subscription: ids.get(one.consumer), generation: one.generation };
      const times = { started: at(one.startedUs), duration: one.durationUs, next: at(one.nextAttemptUs) };
      return position === null ? [] : [{ ...place, status, attempts: one.attempts, ...times }];
    });
    await this.#sql`
      insert into deliveries (position, subscription_id, type_id, generation, status, attempts, started_at, duration_us,
        next_attempt_at)
      select r.position, subscription, e.type_id, generation, status, attempts, to_timestamp(started / 1e6), duration,
        to_timestamp(next / 1e6)
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (position bigint, subscription integer,
        generation integer, status smallint, attempts integer, started float8, duration bigint, next float8)
      join events e on e.position = r.position
      on conflict (position, subscription_id) do update set generation = excluded.generation, status = excluded.status,
        attempts = excluded.attempts, started_at = excluded.started_at, duration_us = excluded.duration_us`;
    const tries = attempts.flatMap((one) => {
      const position = this.positionOf(flow, one.position);
      const place = { position, subscription: ids.get(one.consumer), generation: one.generation };
      const outcome = OUTCOMES.indexOf(one.outcome);
      const times = { started: at(one.startedUs), duration: one.durationUs };
      return position === null
        ? []
        : [{ ...place, attempt: one.attempt, ...times, outcome, error: one.error }];
    });
    await this.#sql`
      insert into attempts (position, subscription_id, generation, attempt, started_at, duration_us, outcome, error)
      select position, subscription, generation, attempt, to_timestamp(started / 1e6), duration, outcome, error
      from jsonb_to_recordset(${JSON.stringify(tries)}::jsonb) as r (position bigint, subscription integer,
        generation integer, attempt integer, started float8, duration bigint, outcome smallint, error jsonb)
      on conflict (position, subscription_id, generation, attempt) do update set outcome = excluded.outcome,
        duration_us = excluded.duration_us`;
  }

  /** From the recorder's clock to that of the database. */
  #shiftOf(flow: string): number {
    const [key, position] = [...this.#positions].find(([one]) => one.startsWith(`${flow} `)) ?? ["", "0"];
    return Number(position) - Number(key.slice(flow.length + 1));
  }

  /** Consumers that report what they do by themselves, so that nothing else is owed to them. */
  async #subscribe(consumers: readonly string[]): Promise<Map<string, number>> {
    const sql = this.#sql;
    const wanted = [...new Set(consumers)];
    await sql`
      with missing as (
        select name as consumer, row_number() over () as n from unnest(${wanted}::text[]) as wanted (name)
        where not exists (select from subscriptions s where s.consumer = name)
      ), cursors as (
        insert into delivery_cursors (position, reached) select 0, 0 from missing returning id
      )
      insert into subscriptions (consumer, cursor_id, target, ordering, on_dead, concurrency, retry, timeout_ms)
      select consumer, id, '{"kind": "external"}', 'none', 'block', 1, '{}', 1000
      from missing join (select id, row_number() over () as n from cursors) c using (n)`;
    const rows = await sql<{ id: number; consumer: string }[]>`
      select id, consumer from subscriptions where consumer = any(${wanted}::text[])`;
    return new Map(rows.map(({ id, consumer }) => [consumer, id]));
  }
}
