import type { Sql, SqlTx } from "../db.ts";

export type RuleRow = {
  id: number;
  name: string;
  place: number;
  is_on: boolean;
  conditions: unknown;
  action: unknown;
  per_minute: number;
  allowance: number;
  /** Milliseconds since `allowance` was written. */
  allowance_age_ms: number;
  cursor: string;
  taken: string;
  acted_at: string | null;
  waiting: string;
  updated_at: string;
  updated_by: string;
};

export type RuleValues = {
  name: string;
  isOn: boolean;
  conditions: unknown;
  action: unknown;
  perMinute: number;
  by: string;
};

/** All rules in their order. `waiting` counts the parked letters behind the cursor of each that is on. */
export async function listRules(sql: Sql | SqlTx): Promise<RuleRow[]> {
  return sql<RuleRow[]>`
    select id, name, place, is_on, conditions, action, per_minute, allowance, cursor, taken, acted_at, updated_at,
      updated_by, (extract(epoch from now() - allowance_at) * 1000)::float8 as allowance_age_ms,
      case when is_on then (
        select count(*) from (
          select from unresolved_letters where status = 0 and number > failure_rules.cursor limit 10000) ahead)
      else 0 end as waiting
    from failure_rules order by place, id`;
}

/** Holds changes of rules, and their application, back until the transaction ends. */
export async function lockRules(tx: SqlTx): Promise<void> {
  await tx`select pg_advisory_xact_lock(7104018)`;
}

/** The same without waiting: gives false when another process has the lock. */
export async function tryLockRules(tx: SqlTx): Promise<boolean> {
  const [row] = await tx<{ locked: boolean }[]>`select pg_try_advisory_xact_lock(7104018) as locked`;
  return row?.locked ?? false;
}

/** Writes a new rule behind all others; it looks at letters after `cursor`. */
export async function insertRule(
  tx: SqlTx,
  { name, isOn, conditions, action, perMinute, by }: RuleValues,
  cursor: string,
): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into failure_rules (name, place, is_on, conditions, action, per_minute, allowance, cursor, updated_by)
    select ${name}, coalesce(max(place), 0) + 1, ${isOn}, ${JSON.stringify(conditions)}::jsonb,
      ${JSON.stringify(action)}::jsonb, ${perMinute}, ${perMinute}, ${cursor}, ${by}
    from failure_rules
    returning id`;
  if (!row) throw new Error("An insert gave no row back.");
  return row.id;
}

/** Changes a rule; with a `cursor` it looks at the letters after that one anew. */
export async function updateRule(
  tx: SqlTx,
  id: number,
  { name, isOn, conditions, action, perMinute, by }: RuleValues,
  cursor: string | null,
): Promise<void> {
  await tx`
    update failure_rules set name = ${name}, is_on = ${isOn}, conditions = ${JSON.stringify(conditions)}::jsonb,
      action = ${JSON.stringify(action)}::jsonb, per_minute = ${perMinute},
      allowance = least(allowance, ${perMinute}), cursor = coalesce(${cursor}, cursor), updated_at = now(),
      updated_by = ${by}
    where id = ${id}`;
}

export async function deleteRule(tx: SqlTx, id: number): Promise<void> {
  await tx`delete from failure_rules where id = ${id}`;
}

/** Puts rules into the order of the ids. */
export async function placeRules(tx: SqlTx, ids: readonly number[]): Promise<void> {
  await tx`
    update failure_rules set place = given.place
    from unnest(${[...ids]}::int[]) with ordinality as given (id, place) where failure_rules.id = given.id`;
}

/** Writes how far a rule has looked, and what it may take still. */
export async function advanceRule(
  tx: SqlTx,
  { id, cursor, allowance, taken }: { id: number; cursor: string; allowance: number; taken: number },
): Promise<void> {
  await tx`
    update failure_rules set cursor = ${cursor}, allowance = ${allowance}, allowance_at = now(),
      taken = taken + ${taken}, acted_at = case when ${taken} > 0 then now() else acted_at end
    where id = ${id}`;
}

/** What rules look at in a letter. */
export type JudgedLetterRow = {
  position: string;
  consumer: string;
  number: string;
  case_id: number;
  status: number;
  type: string;
  fingerprint: string;
  error_name: string;
  message: string;
  attempts: number;
  died_ms: number;
};

/** What is judged of the letters that `chosen` selects from `dead_letters_with_status`, by the order that is given. */
function judgedLetters(
  sql: Sql | SqlTx,
  chosen: ReturnType<Sql>,
  ordered: ReturnType<Sql>,
): Promise<JudgedLetterRow[]> {
  return sql<JudgedLetterRow[]>`
    with chosen as materialized (${chosen})
    select l.position, s.consumer, l.number, l.case_id, l.status, n.name as type, c.fingerprint,
      coalesce(c.error ->> 'name', '') as error_name, l.message, l.attempts,
      (extract(epoch from l.died_at) * 1000)::float8 as died_ms
    from chosen l join failure_cases c on c.id = l.case_id join subscriptions s on s.id = l.subscription_id
    join interned_names n on n.id = l.type_id
    ${ordered}`;
}

/** Parked letters after a number, in the order of their numbers. */
export async function listParkedAfter(
  sql: Sql | SqlTx,
  number: string,
  limit: number,
): Promise<JudgedLetterRow[]> {
  return judgedLetters(
    sql,
    sql`select l.*, u.status from (
        select position, subscription_id, number, status from unresolved_letters
        where status = 0 and number > ${number} order by number limit ${limit}) u
      join dead_letters l on l.position = u.position and l.subscription_id = u.subscription_id`,
    sql`order by l.number`,
  );
}

/** Letters that died since a moment, whatever became of them, the newest first. */
export async function listDiedSince(sql: Sql, since: string, limit: number): Promise<JudgedLetterRow[]> {
  return judgedLetters(
    sql,
    sql`select * from dead_letters_with_status where number is not null order by number desc limit ${limit}`,
    sql`where l.died_at >= ${since} order by l.number desc`,
  );
}

/** Gives cases that nobody owns an owner. Gives the ids of those that were changed. */
export async function assignUnowned(tx: SqlTx, caseIds: readonly number[], owner: string): Promise<number[]> {
  const rows = await tx<{ id: number }[]>`
    update failure_cases set owner = ${owner} where id = any(${[...caseIds]}::int[]) and owner is null returning id`;
  return rows.map(({ id }) => id);
}
