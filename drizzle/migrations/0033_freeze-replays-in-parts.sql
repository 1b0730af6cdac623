-- The frozen selections of replays, in parts of some hundred items: a row each, written once. Items are in the order of
-- the replay, which is that of their deliveries; those of a part have the numbers from `first_seq` on.
create table replay_parts (
  replay_id integer not null,
  first_seq integer not null,
  first_position bigint not null,
  first_subscription_id integer not null,
  last_position bigint not null,
  positions bigint[] not null,
  subscription_ids integer[] not null,
  case_ids integer[] not null,
  -- The event of the item that waits behind it in its key, for the same subscription.
  next_positions bigint[] not null,
  -- Whether it waits behind another one.
  is_behind boolean[] not null,
  constraint replay_parts_pkey primary key (replay_id, first_seq)
);
--> statement-breakpoint
-- A part fills a page: what is looked up in it is read as it stands.
alter table replay_parts alter positions set storage plain, alter subscription_ids set storage plain,
  alter case_ids set storage plain, alter next_positions set storage plain, alter is_behind set storage plain;
--> statement-breakpoint
insert into replay_parts (replay_id, first_seq, first_position, first_subscription_id, last_position, positions,
  subscription_ids, case_ids, next_positions, is_behind)
select replay_id, first_seq, positions[1], subscription_ids[1], positions[cardinality(positions)], positions,
  subscription_ids, case_ids, next_positions, is_behind
from (
  select i.replay_id, min(i.seq) as first_seq, array_agg(i.position order by i.seq) as positions,
    array_agg(i.subscription_id order by i.seq) as subscription_ids, array_agg(i.case_id order by i.seq) as case_ids,
    array_agg(n.position order by i.seq) as next_positions,
    array_agg(coalesce(i.behind > 0, false) order by i.seq) as is_behind
  from replay_items i left join replay_items n on n.replay_id = i.replay_id and n.seq = i.next
  group by i.replay_id, (i.seq - 1) / 300
) parts;
--> statement-breakpoint
create index replay_parts_first_position_idx on replay_parts (replay_id, first_position, first_subscription_id);
--> statement-breakpoint
create index replay_parts_positions_idx on replay_parts using gist (int8range(first_position, last_position, '[]'));
--> statement-breakpoint

alter table open_items add column next_position bigint;
--> statement-breakpoint
update open_items o set next_position = n.position from replay_items n where n.replay_id = o.replay_id and n.seq = o.next;
--> statement-breakpoint
alter table open_items drop column next;
--> statement-breakpoint

-- How items ended; a row is written when its item has.
create table ended_items (
  position bigint not null,
  started_at timestamptz,
  ended_at timestamptz not null,
  replay_id integer not null,
  seq integer not null,
  subscription_id integer not null,
  -- The generation of the delivery that the replay made.
  generation integer,
  -- The case of its failure in the replay, if it failed.
  new_case_id integer,
  -- By number: succeeded, failed-same, failed-new, skipped-handled, unknown.
  outcome smallint not null,
  constraint ended_items_pkey primary key (replay_id, seq)
);
--> statement-breakpoint
insert into ended_items (position, started_at, ended_at, replay_id, seq, subscription_id, generation, new_case_id, outcome)
select position, started_at, coalesce(ended_at, started_at, now()), replay_id, seq, subscription_id, generation, new_case_id, outcome
from replay_items where outcome is not null;
--> statement-breakpoint
create index ended_items_trouble_idx on ended_items (replay_id, outcome, seq) where outcome <> 0;
--> statement-breakpoint
drop table replay_items;
