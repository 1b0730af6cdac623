-- Items of a part of a frozen selection that succeeded together, a row for all of them.
create table ended_rounds (
  replay_id integer not null,
  -- Of the part.
  first_seq integer not null,
  id bigint generated always as identity,
  subscription_id integer not null,
  -- Of the deliveries that the replay made, and when.
  generation integer not null,
  started_at timestamptz not null,
  seqs integer[] not null,
  -- In the order of `seqs`.
  ended_at timestamptz[] not null,
  constraint ended_rounds_pkey primary key (replay_id, first_seq, id)
);
--> statement-breakpoint
-- A row fits on a page: what is looked up in it is read as it stands.
alter table ended_rounds alter seqs set storage plain, alter ended_at set storage plain;
