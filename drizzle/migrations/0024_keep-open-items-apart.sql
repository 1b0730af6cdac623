-- Items of replays that somebody has to look after: 0 put aside, as its delivery is under way by other means; 1 set free
-- by the one before it in its key; 2 in flight. All others stand in `replay_items` alone, which is written twice for an
-- item: when it is frozen, and when it ends.
create table open_items (
  replay_id integer not null,
  state smallint not null,
  seq integer not null,
  position bigint not null,
  subscription_id integer not null,
  next integer,
  case_id integer,
  -- Of what is in flight: the generation of the delivery that the replay made, and when.
  generation integer,
  started_at timestamptz,
  -- The letter says that it is replaying, as it is for things that take longer.
  is_shown boolean not null default false,
  constraint open_items_pkey primary key (replay_id, state, seq)
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
--> statement-breakpoint
insert into open_items (replay_id, state, seq, position, subscription_id, next, case_id, generation, started_at, is_shown)
select replay_id, state, seq, position, subscription_id, next, case_id, generation, started_at, state = 2
from replay_items where state in (1, 2) or (state = 0 and behind = 0);
--> statement-breakpoint

-- How many items of a replay have ended, and how: written with their outcomes, and counted in the run of the replay by its
-- next step. So whoever writes outcomes waits for nobody who starts items.
create table ended_counts (
  id bigint generated always as identity primary key,
  replay_id integer not null,
  outcome smallint not null,
  -- Of their failure in the replay, if they failed.
  case_id integer,
  -- They were counted as unknown before.
  is_late boolean not null,
  items integer not null
);
--> statement-breakpoint

-- Items up to here, in the order of the replay, have had their turn if they wait for no other one.
alter table replays add column reached integer not null default 0;
--> statement-breakpoint
update replays r set reached = (select coalesce(max(seq), 0) from replay_items where replay_id = r.id);
--> statement-breakpoint

drop index replay_items_ready_idx;
--> statement-breakpoint
drop index replay_items_in_flight_idx;
--> statement-breakpoint
drop index replay_items_elsewhere_idx;
--> statement-breakpoint
drop index replay_items_outcome_idx;
--> statement-breakpoint
alter table replay_items drop column state;
--> statement-breakpoint
-- An outcome other than that it succeeded. The end of an item that succeeded changes no index.
alter table replay_items add column trouble smallint generated always as (nullif(outcome, 0::smallint)) stored;
--> statement-breakpoint
create index replay_items_trouble_idx on replay_items (replay_id, trouble, seq) where trouble is not null;
--> statement-breakpoint
-- Room for the end of each item on its own page.
alter table replay_items set (fillfactor = 45);
