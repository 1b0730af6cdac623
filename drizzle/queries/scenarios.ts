import type { Sql, SqlTx } from "../db.ts";

const PRODUCER_LOCK = 7_104_010;
/** Of one scenario each: held together by those who write for it, and alone by who removes what it wrote. */
const DATA_LOCKS = 7_104_013;

export type ScenarioRow = {
  name: string;
  running_since: string | null;
  rate: number;
  produced_to: string | null;
  produced: string;
  optional_services: string[];
};

export type ScenarioFaultRow = {
  scenario: string;
  service: string;
  fault: unknown;
  preset: string | null;
  ends_at: string | null;
};

/** Those that were ever started. */
export async function listScenarioRows(sql: Sql | SqlTx): Promise<ScenarioRow[]> {
  return sql<ScenarioRow[]>`
    select name, running_since, rate, produced_to, produced, optional_services from scenarios order by name limit 100`;
}

/** The state of one, held against changes; it is made with `rate` where there was none. */
export async function lockScenario(tx: SqlTx, name: string, rate: number): Promise<ScenarioRow> {
  await tx`insert into scenarios (name, rate) values (${name}, ${rate}) on conflict do nothing`;
  const [row] = await tx<ScenarioRow[]>`
    select name, running_since, rate, produced_to, produced, optional_services from scenarios
    where name = ${name} for update`;
  if (!row) throw new Error(`The scenario ${name} is gone.`);
  return row;
}

/** False where the data of the scenario was removed; else that can't happen until the transaction ends. */
export async function lockKeptScenario(tx: SqlTx, name: string): Promise<boolean> {
  const rows = await tx`select from scenarios where name = ${name} for key share`;
  return rows.length > 0;
}

export async function setScenarioRunning(tx: SqlTx, name: string, since: string | null): Promise<void> {
  await tx`
    update scenarios set running_since = ${since}::timestamptz, produced_to = ${since}::timestamptz
    where name = ${name}`;
}

export async function setScenarioRate(tx: SqlTx, name: string, rate: number): Promise<void> {
  await tx`update scenarios set rate = ${rate} where name = ${name}`;
}

export async function setOptionalServices(tx: SqlTx, name: string, services: string[]): Promise<void> {
  await tx`update scenarios set optional_services = ${services}::text[] where name = ${name}`;
}

/** Lets one process at a time produce traffic, until its transaction ends. */
export async function tryLockProducer(tx: SqlTx): Promise<boolean> {
  const [row] = await tx<{ locked: boolean }[]>`select pg_try_advisory_xact_lock(${PRODUCER_LOCK}) as locked`;
  return row?.locked ?? false;
}

/** The scenarios that run, held against a stop until the transaction ends. */
export async function lockRunningScenarios(tx: SqlTx): Promise<ScenarioRow[]> {
  return tx<ScenarioRow[]>`
    select name, running_since, rate, produced_to, produced, optional_services from scenarios
    where running_since is not null order by name for update`;
}

/** Waits for those who write for a scenario, and keeps others from it until the transaction ends. */
export async function lockScenarioData(tx: SqlTx, name: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(${DATA_LOCKS}::int, hashtext(${name}))`;
}

/**
 * Keeps what a scenario wrote from being removed until the transaction ends. False: it was removed, and the event at the
 * position with it, so that nothing may be written because of that event any more.
 */
export async function shareScenarioData(tx: SqlTx, name: string, position: string): Promise<boolean> {
  // Two statements, sent together: the second one has to see what was committed while the first one waited.
  const [, [row]] = await Promise.all([
    tx`select pg_advisory_xact_lock_shared(${DATA_LOCKS}::int, hashtext(${name}))`,
    tx<{ found: boolean }[]>`select exists (select from events where position = ${position}) as found`,
  ]);
  return row?.found ?? false;
}

export async function addProduced(
  tx: SqlTx,
  name: string,
  { count, producedTo }: { count: number; producedTo: string },
): Promise<void> {
  await tx`
    update scenarios set produced = produced + ${count}, produced_to = ${producedTo}::timestamptz where name = ${name}`;
}

/** The faults that are in force at the moment. */
export async function listFaults(sql: Sql | SqlTx, at: string): Promise<ScenarioFaultRow[]> {
  return sql<ScenarioFaultRow[]>`
    select scenario, service, fault, preset, ends_at from scenario_faults
    where ends_at is null or ends_at > ${at}::timestamptz order by scenario, service limit 1000`;
}

export async function upsertFault(
  tx: SqlTx,
  row: { scenario: string; service: string; fault: object; preset: string | null; endsAt: string | null },
): Promise<void> {
  await tx`
    insert into scenario_faults (scenario, service, fault, preset, ends_at)
    values (${row.scenario}, ${row.service}, ${JSON.stringify(row.fault)}::jsonb, ${row.preset},
      ${row.endsAt}::timestamptz)
    on conflict (scenario, service) do update
      set fault = excluded.fault, preset = excluded.preset, ends_at = excluded.ends_at`;
}

/** Gives false when there was none. */
export async function deleteFault(tx: SqlTx, scenario: string, service: string): Promise<boolean> {
  const result = await tx`
    delete from scenario_faults where scenario = ${scenario} and service = ${service}`;
  return result.count > 0;
}

/** Lets all parts of a scenario be well. */
export async function deleteFaults(tx: SqlTx, scenario: string): Promise<void> {
  await tx`delete from scenario_faults where scenario = ${scenario}`;
}

/** Gives how many were over. */
export async function deleteEndedFaults(tx: SqlTx, at: string): Promise<number> {
  const result = await tx`delete from scenario_faults where ends_at <= ${at}::timestamptz`;
  return result.count;
}

/** Writes down that an effect was asked for. True the first time for its key. */
export async function recordEffect(
  tx: SqlTx,
  { scenario, effect, key }: { scenario: string; effect: string; key: string },
): Promise<boolean> {
  const [row] = await tx<{ times: number }[]>`
    insert into sample_effects as old (scenario, effect, business_key) values (${scenario}, ${effect}, ${key})
    on conflict (scenario, effect, business_key) do update set times = old.times + 1 returning times`;
  return row?.times === 1;
}

/** Adds to a number that a service keeps, which begins at nothing. Gives what it is then. */
export async function addToTotal(
  tx: SqlTx,
  { scenario, name, amount }: { scenario: string; name: string; amount: number },
): Promise<number> {
  const [row] = await tx<{ total: number }[]>`
    insert into sample_totals as old (scenario, name, total) values (${scenario}, ${name}, ${amount})
    on conflict (scenario, name) do update set total = old.total + excluded.total returning total`;
  if (!row) throw new Error(`The total ${name} of ${scenario} was not written.`);
  return row.total;
}

/** Keeps what a service remembers under a name, in place of what it remembered before. */
export async function putDocument(
  tx: SqlTx,
  { scenario, name, document }: { scenario: string; name: string; document: object },
): Promise<void> {
  await tx`
    insert into sample_documents (scenario, name, document)
    values (${scenario}, ${name}, ${JSON.stringify(document)}::text::jsonb)
    on conflict (scenario, name) do update set document = excluded.document`;
}

/** What a service remembers under a name; null for nothing. */
export async function findDocument(tx: SqlTx, scenario: string, name: string): Promise<unknown> {
  const [row] = await tx<{ document: unknown }[]>`
    select document from sample_documents where scenario = ${scenario} and name = ${name}`;
  return row?.document ?? null;
}

/** The effects that were written for a key, each with how often it was asked for. */
export async function listEffects(
  sql: Sql | SqlTx,
  scenario: string,
  key: string,
): Promise<Record<string, number>> {
  const rows = await sql<{ effect: string; times: number }[]>`
    select effect, times from sample_effects where scenario = ${scenario} and business_key = ${key}
    order by at, effect limit 100`;
  return Object.fromEntries(rows.map(({ effect, times }) => [effect, times]));
}

/** Forgets effects of long ago, up to `limit` of them. */
export async function deleteEffectsBefore(tx: SqlTx, moment: string, limit: number): Promise<void> {
  await tx`
    delete from sample_effects where ctid = any(array(
      select ctid from sample_effects where at < ${moment}::timestamptz order by at limit ${limit}))`;
}
