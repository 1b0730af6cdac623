-- Items of a replay whose deliveries a step has handed to a worker, together: a row for all of a step, a subscription and a
-- generation. While it stands, those of its items that have neither ended nor a row of `open_items` are with that worker,
-- and their deliveries still say that they are dead.
create table handed_stretches (
  replay_id integer not null,
  id bigint generated always as identity,
  subscription_id integer not null,
  -- That the deliveries get.
  generation integer not null,
  seqs int4multirange not null,
  first_position bigint not null,
  last_position bigint not null,
  worker uuid not null,
  lease_until timestamptz not null,
  started_at timestamptz not null default now(),
  constraint handed_stretches_pkey primary key (replay_id, id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
--> statement-breakpoint
-- What was handed over until now is as any other that was claimed.
with claimed as (
  update deliveries d set generation = o.generation, status = 1, attempts = 1,
    attempt_limit = case r.delivery ->> 'retries' when 'none' then 1 end, settled_at = null, next_attempt_at = null,
    lease_until = o.lease_until, worker = o.worker, ordering_key = null
  from open_items o join replays r on r.id = o.replay_id
  where o.worker is not null and d.position = o.position and d.subscription_id = o.subscription_id
    and d.status = 4 and d.generation = o.generation - 1
  returning 1)
select count(*) from claimed;
--> statement-breakpoint
drop index open_items_claimed_idx;
--> statement-breakpoint
alter table open_items drop column worker, drop column lease_until;
