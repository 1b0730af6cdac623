-- Where events travel. A queue's events go to one of its consumers each, a topic's to every subscriber.
create table channels (
  name text primary key,
  kind text not null constraint channels_kind_check check (kind in ('queue', 'topic')),
  -- Which events travel here without naming it: [{"type": glob, "source": glob}], any of which must match.
  rules jsonb not null default '[]',
  description text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
--> statement-breakpoint

-- How far the events of a topic's subscriber, or of a queue's consumers together, have been handed out.
create table delivery_cursors (
  id integer generated always as identity primary key,
  position bigint not null,
  -- The furthest that `position` has been: below it, an event may have been delivered before.
  reached bigint not null,
  -- Counts the rewinds; a delivery of an older generation is owed again.
  generation integer not null default 0,
  updated_at timestamptz not null default now()
);
--> statement-breakpoint

create table subscriptions (
  id integer generated always as identity primary key,
  consumer text not null,
  -- Null takes every event, whatever its channel.
  channel text references channels,
  cursor_id integer not null references delivery_cursors,
  filters jsonb not null default '[]',
  -- {"kind":"handler","name":…}, {"kind":"http","url":…,"secrets":[…]} or {"kind":"external"}.
  target jsonb not null,
  ordering text not null constraint subscriptions_ordering_check check (ordering in ('none', 'key')),
  on_dead text not null constraint subscriptions_on_dead_check check (on_dead in ('block', 'continue')),
  concurrency integer not null constraint subscriptions_concurrency_check check (concurrency between 1 and 1000),
  retry jsonb not null,
  timeout_ms integer not null constraint subscriptions_timeout_ms_check check (timeout_ms between 1 and 3600000),
  paused_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
--> statement-breakpoint
create unique index subscriptions_consumer_key on subscriptions (consumer) where deleted_at is null;
--> statement-breakpoint
create index subscriptions_cursor_id_idx on subscriptions (cursor_id);
--> statement-breakpoint

-- A stretch of the log that one worker is delivering; another takes it over when the lease has expired.
create table delivery_leases (
  id bigint generated always as identity primary key,
  subscription_id integer not null references subscriptions,
  after_position bigint not null,
  to_position bigint not null,
  generation integer not null,
  worker uuid not null,
  expires_at timestamptz not null
);
--> statement-breakpoint
create index delivery_leases_subscription_id_idx on delivery_leases (subscription_id, expires_at);
--> statement-breakpoint

-- An event owed to a consumer, from the moment that its first attempt ended. What has no row is pending (beyond the
-- cursor) or processing (within a lease). Statuses by number: pending, processing, succeeded, retrying, dead, discarded.
create table deliveries (
  position bigint not null,
  subscription_id integer not null,
  type_id integer not null,
  generation integer not null,
  status smallint not null,
  attempts integer not null,
  -- Deliveries of the same event that were skipped, because it was handled before.
  duplicates integer not null default 0,
  -- The last attempt.
  started_at timestamptz,
  duration_us bigint,
  settled_at timestamptz,
  next_attempt_at timestamptz,
  lease_until timestamptz,
  worker uuid,
  -- Only while it matters: for what is not settled in an ordered subscription.
  ordering_key text,
  constraint deliveries_pkey primary key (position, subscription_id)
) partition by range (position);
--> statement-breakpoint
create index deliveries_due_idx on deliveries (subscription_id, next_attempt_at) where status in (0, 3);
--> statement-breakpoint
create index deliveries_leased_idx on deliveries (subscription_id, lease_until) where status = 1;
--> statement-breakpoint
create index deliveries_ordering_key_idx on deliveries (subscription_id, ordering_key, position)
  where ordering_key is not null;
--> statement-breakpoint
create index deliveries_dead_idx on deliveries (subscription_id, position) where status = 4;
--> statement-breakpoint

-- Every attempt that failed, and the one that succeeded after such; a delivery that succeeded at once needs none.
create table attempts (
  position bigint not null,
  subscription_id integer not null,
  generation integer not null,
  attempt integer not null,
  started_at timestamptz not null,
  duration_us bigint not null,
  -- succeeded, failed, timed-out, interrupted
  outcome smallint not null,
  error jsonb,
  constraint attempts_pkey primary key (position, subscription_id, generation, attempt)
) partition by range (position);
--> statement-breakpoint

-- What happened to the events of a minute, for each consumer and type: written with the deliveries themselves.
create table processing_minutes (
  minute timestamptz not null,
  subscription_id integer not null,
  type_id integer not null,
  succeeded bigint not null default 0,
  failed bigint not null default 0,
  retried bigint not null default 0,
  duplicates bigint not null default 0,
  dead bigint not null default 0,
  duration_us bigint not null default 0,
  critical_us bigint not null default 0,
  constraint processing_minutes_pkey primary key (minute, subscription_id, type_id)
);
--> statement-breakpoint

-- The logarithmic histograms behind the percentiles of a minute: how many values fell into each bin.
create table processing_bins (
  minute timestamptz not null,
  subscription_id integer not null,
  type_id integer not null,
  -- 0: processing time, 1: critical time (from the event's own time until it was handled).
  measure smallint not null,
  bin smallint not null,
  count bigint not null,
  constraint processing_bins_pkey primary key (minute, subscription_id, type_id, measure, bin)
);
--> statement-breakpoint

-- Events that no subscription took, by type and hour.
create table unrouted_events (
  hour timestamptz not null,
  type_id integer not null,
  events bigint not null,
  constraint unrouted_events_pkey primary key (hour, type_id)
);
--> statement-breakpoint

-- Deliveries and attempts are kept, and dropped, by the days of their events.
create or replace function ensure_event_partition(moment timestamptz) returns text language plpgsql as $$
declare
  day timestamptz := date_trunc('day', moment, 'UTC');
  suffix text := to_char(day at time zone 'UTC', 'YYYYMMDD');
  parent text;
begin
  if to_regclass('attempts_' || suffix) is not null then return suffix; end if;
  perform pg_advisory_xact_lock(7104003);
  foreach parent in array array['events', 'deliveries', 'attempts'] loop
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
