import type { Sql, SqlTx } from "../db.ts";

export type ProcessRow = {
  id: string;
  name: string;
  business_key: string;
  correlation_id: string;
  status: string;
  state: unknown;
  version: number;
  start_position: string;
  started_at: string;
  updated_at: string;
  ended_at: string | null;
};

const COLUMNS = [
  "id",
  "name",
  "business_key",
  "correlation_id",
  "status",
  "state",
  "version",
  "start_position",
  "started_at",
  "updated_at",
  "ended_at",
];

/** A new process, without a state yet; null when this flow has one of the name already. */
export async function insertProcess(
  tx: SqlTx,
  process: { id: string; name: string; key: string; correlationId: string; position: string; at: string },
): Promise<boolean> {
  const result = await tx`
    insert into processes (id, name, business_key, correlation_id, status, state, start_position, started_at, updated_at)
    values (${process.id}, ${process.name}, ${process.key}, ${process.correlationId}, 'running', '{}'::jsonb,
      ${process.position}, ${process.at}, ${process.at})
    on conflict (name, correlation_id) do nothing`;
  return result.count === 1;
}

/** The process of a flow, held until the transaction ends: two replies at once are taken one after the other. */
export async function lockProcess(
  tx: SqlTx,
  { name, correlationId }: { name: string; correlationId: string },
): Promise<ProcessRow | null> {
  const [row] = await tx<ProcessRow[]>`
    select ${tx(COLUMNS)} from processes
    where name = ${name} and correlation_id = ${correlationId} for update`;
  return row ?? null;
}

export async function lockProcessById(tx: SqlTx, id: string): Promise<ProcessRow | null> {
  const [row] = await tx<ProcessRow[]>`select ${tx(COLUMNS)} from processes where id = ${id} for update`;
  return row ?? null;
}

/** One process of these names for which something is due, held; null when there is none that nobody else has. */
export async function claimDueProcess(
  tx: SqlTx,
  mediators: readonly { name: string; consumer: string }[],
  at: string,
): Promise<ProcessRow | null> {
  const names = mediators.map(({ name }) => name);
  const consumers = mediators.map(({ consumer }) => consumer);
  const [row] = await tx<ProcessRow[]>`
    select ${tx(COLUMNS)} from processes
    where next_deadline <= ${at} and name = any(array(
      select mediator.name from unnest(${names}::text[], ${consumers}::text[]) mediator (name, consumer)
      join subscriptions on subscriptions.consumer = mediator.consumer and deleted_at is null and paused_at is null))
    order by next_deadline limit 1 for update skip locked`;
  return row ?? null;
}

export type TransitionRow = {
  kind: string;
  step: string | null;
  attempt: number | null;
  detail: string | null;
};

/** Writes where a process stands now, and how it got there. */
export async function saveProcess(
  tx: SqlTx,
  process: {
    id: string;
    status: string;
    state: unknown;
    version: number;
    at: string;
    nextDeadline: string | null;
    isEnded: boolean;
    causePosition: string | null;
    /** Who moved it, where a person did. */
    actor: string | null;
    /** What they asked for; kept with the first entry. */
    request: object | null;
    transitions: TransitionRow[];
  },
): Promise<void> {
  const { id, at, version, actor, transitions } = process;
  const request = process.request === null ? null : JSON.stringify(process.request);
  await tx`
    update processes set status = ${process.status}, state = ${JSON.stringify(process.state)}::text::jsonb,
      version = ${version + transitions.length}, updated_at = ${at}, next_deadline = ${process.nextDeadline},
      ended_at = ${process.isEnded ? at : null}
    where id = ${id}`;
  await tx`
    insert into process_transitions (process_id, sequence, at, kind, step, attempt, detail, cause_position, actor, request)
    select ${id}::uuid, ${version} + ordinality, ${at}::timestamptz, kind, step, attempt, detail,
      ${process.causePosition}::bigint, ${actor}, case ordinality when 1 then ${request}::text::jsonb end
    from rows from (jsonb_to_recordset(${JSON.stringify(transitions)}::text::jsonb) as (
      kind text, step text, attempt integer, detail text)) with ordinality`;
}

/** Tells a person that a step or its compensation failed; one incident for each step, however often it fails. */
export async function raiseIncident(
  tx: SqlTx,
  incident: { processId: string; step: string; reason: string; at: string },
): Promise<void> {
  await tx`
    insert into incidents (process_id, step, reason, raised_at)
    values (${incident.processId}, ${incident.step}, ${incident.reason}, ${incident.at})
    on conflict (process_id, step) where resolved_at is null
    do update set failures = incidents.failures + 1, reason = excluded.reason`;
}

/** Ends the open incident of a step, or those of all steps. */
export async function resolveIncidents(
  tx: SqlTx,
  incident: { processId: string; step: string | null; by: string; at: string },
): Promise<void> {
  const { processId, step, by, at } = incident;
  await tx`
    update incidents set resolved_at = ${at}, resolved_by = ${by}
    where process_id = ${processId} and resolved_at is null ${step === null ? tx`` : tx`and step = ${step}`}`;
}

/** Whether somebody asked for exactly this when a process was at a version. */
export async function isTransitionRequested(
  tx: SqlTx,
  asked: { processId: string; version: number; actor: string; request: object },
): Promise<boolean> {
  const rows = await tx`
    select from process_transitions
    where process_id = ${asked.processId} and sequence = ${asked.version + 1} and actor = ${asked.actor}
      and request = ${JSON.stringify(asked.request)}::text::jsonb`;
  return rows.length > 0;
}

/** Runs of one declaration, the youngest first, before a position; at most `limit`. */
export async function listProcessRows(
  sql: Sql,
  filter: { name: string; status: string | null; key: string | null; before: string; limit: number },
): Promise<ProcessRow[]> {
  const { name, status, key, before, limit } = filter;
  return sql<ProcessRow[]>`
    select ${sql(COLUMNS)} from processes
    where name = ${name} and start_position < ${before}
      ${status === null ? sql`` : sql`and status = ${status}`}
      ${key === null ? sql`` : sql`and business_key = ${key}`}
    order by start_position desc limit ${limit}`;
}

export async function findProcess(sql: Sql, id: string): Promise<ProcessRow | null> {
  const [row] = await sql<ProcessRow[]>`select ${sql(COLUMNS)} from processes where id = ${id}`;
  return row ?? null;
}

/** The runs that processes of these names have in a flow; one for each at most. */
export async function listProcessesOfFlow(
  sql: Sql,
  { names, correlationId }: { names: readonly string[]; correlationId: string },
): Promise<ProcessRow[]> {
  return sql<ProcessRow[]>`
    select ${sql(COLUMNS)} from processes
    where name = any(${[...names]}::text[]) and correlation_id = ${correlationId}
    order by start_position`;
}

export type StoredTransition = TransitionRow & {
  at: Date | string;
  cause_position: string | null;
  actor: string | null;
};

/** The history of a process, at most `limit` entries, the last ones. */
export async function listTransitions(sql: Sql, id: string, limit: number): Promise<StoredTransition[]> {
  return sql<StoredTransition[]>`
    select * from (
      select sequence, at, kind, step, attempt, detail, cause_position, actor from process_transitions
      where process_id = ${id} order by sequence desc limit ${limit}) latest
    order by sequence`;
}

export type IncidentRow = {
  process_id: string;
  step: string;
  reason: string;
  raised_at: string;
  failures: number;
  resolved_at: string | null;
  resolved_by: string | null;
};

export async function listIncidents(sql: Sql, processId: string): Promise<IncidentRow[]> {
  return sql<IncidentRow[]>`
    select process_id, step, reason, raised_at, failures, resolved_at, resolved_by from incidents
    where process_id = ${processId} order by id`;
}

export type OpenCount = { name: string; running: number; compensating: number; incidents: number };

/** How many runs of each declaration have not ended, and how many incidents are open. */
export async function countOpenProcesses(sql: Sql): Promise<OpenCount[]> {
  return sql<OpenCount[]>`
    select name, count(*) filter (where status = 'running')::int as running,
      count(*) filter (where status = 'compensating')::int as compensating,
      (select count(*)::int from incidents join processes p on p.id = process_id
       where p.name = processes.name and resolved_at is null) as incidents
    from processes where status in ('running', 'compensating') group by name`;
}
