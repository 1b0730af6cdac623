-- Event types whose payloads have a schema, and what becomes of an event that does not keep it: `observe` stores and
-- marks it, `enforce` refuses it.
create table schema_types (
  type_id integer primary key references interned_names,
  policy text not null default 'observe' constraint schema_types_policy_check check (policy in ('observe', 'enforce')),
  -- Events after this position are judged.
  since bigint not null,
  -- Written while the lock of the registry is held, so that it grows from change to change.
  changed_at timestamptz not null default clock_timestamp()
);
--> statement-breakpoint

create table schemas (
  type_id integer not null references schema_types on delete cascade,
  version text not null,
  -- JSON Schema 2020-12. It never changes.
  schema text not null,
  -- The promise that was checked against the version before.
  compatibility text not null constraint schemas_compatibility_check
    check (compatibility in ('backward', 'forward', 'full', 'none')),
  -- How payloads of older versions become payloads of this one: [{"from": version, "steps": […]}].
  upcasters jsonb not null default '[]',
  created_at timestamptz not null default now(),
  constraint schemas_pkey primary key (type_id, version)
);
--> statement-breakpoint

-- Stored events that their type's schema does not take: written with the checkpoint `schema-violations`, behind the
-- log, so that taking events in costs nothing more.
create table schema_violations (
  position bigint not null,
  type_id integer not null,
  -- The version that the event names, and the one that judged it; null where there is none.
  version text,
  judged_by text,
  -- The first few of them: [{"path": JSON Pointer, "reason": text}].
  problems jsonb not null,
  problem_count integer not null,
  constraint schema_violations_pkey primary key (position)
) partition by range (position);
--> statement-breakpoint
create index schema_violations_type_id_position_idx on schema_violations (type_id, position);
--> statement-breakpoint

-- Events of an hour that were judged, that violated their schema, and that were refused and not stored.
create table schema_counts (
  hour timestamptz not null,
  type_id integer not null,
  judged bigint not null default 0,
  violations bigint not null default 0,
  refused bigint not null default 0,
  constraint schema_counts_pkey primary key (hour, type_id)
);
--> statement-breakpoint

-- Violations are kept, and dropped, by the days of their events, as deliveries and attempts are.
create or replace function ensure_event_partition(moment timestamptz) returns text language plpgsql as $$
declare
  day timestamptz := date_trunc('day', moment, 'UTC');
  suffix text := to_char(day at time zone 'UTC', 'YYYYMMDD');
  parent text;
begin
  if to_regclass('schema_violations_' || suffix) is not null then return suffix; end if;
  perform pg_advisory_xact_lock(7104003);
  foreach parent in array array['events', 'deliveries', 'attempts', 'schema_violations'] loop
    if to_regclass(parent || '_' || suffix) is null then
      execute format('create table %I (like %I including defaults including constraints)', parent || '_' || suffix, parent);
      -- Freshly written rows are vacuumed soon, so that index-only scans find the visibility map filled.
      execute format('alter table %I set (autovacuum_vacuum_insert_scale_factor = 0.02,
        autovacuum_analyze_scale_factor = 0.05)', parent || '_' || suffix);
      execute format('alter table %I attach partition %I for values from (%s) to (%s)',
        parent, parent || '_' || suffix, position_at(day), position_at(day + interval '1 day'));
    end if;
  end loop;
  return suffix;
end $$;
--> statement-breakpoint

-- The days that are there already.
select ensure_event_partition(to_date(right(relname, 8), 'YYYYMMDD')::timestamp at time zone 'UTC')
from pg_class join pg_inherits on inhrelid = pg_class.oid
where inhparent = 'events'::regclass and relname ~ '^events_\d{8}$';
