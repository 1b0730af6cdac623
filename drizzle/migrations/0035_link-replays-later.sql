-- Which items of a replay wait behind which follows from their keys, and is found out after the selection is frozen.
alter table replays add column is_linked boolean not null default true;
--> statement-breakpoint
alter table replays alter column is_linked set default false;
--> statement-breakpoint
alter table replay_parts
  -- Hashes of consumer and key; null without one, and none as soon as the replay is linked.
  add column keys bigint[],
  alter column next_positions drop not null,
  alter column is_behind drop not null;
--> statement-breakpoint
alter table replay_parts alter column keys set storage plain;
