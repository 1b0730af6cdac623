-- What replays add to the counters of cases: written with the letters that they move, which are then counted under their
-- new status at once. The keeper adds it up.
create table case_moves (
  id bigint generated always as identity primary key,
  case_id integer not null references failure_cases on delete cascade,
  -- Statuses by number.
  old smallint not null,
  new smallint not null,
  letters integer not null
);
--> statement-breakpoint

-- Each item names the one that waits behind it, which is then found by its key.
alter table replay_items add column next integer;
--> statement-breakpoint
update replay_items i set next = n.seq from replay_items n where n.replay_id = i.replay_id and n.behind = i.seq;
--> statement-breakpoint
drop index replay_items_behind_idx;
--> statement-breakpoint
create index replay_items_elsewhere_idx on replay_items (replay_id) where behind = 0;
