-- What is done with dead letters by itself. The first rule whose conditions a letter meets decides.
create table failure_rules (
  id integer generated always as identity primary key,
  name text not null,
  -- Their order, from 1.
  place integer not null,
  is_on boolean not null,
  -- {"consumer"?, "type"?, "errorName"?, "message"?: glob, "fingerprint"?, "minAgeMs"?, …}
  conditions jsonb not null,
  -- {"kind": "replay"}, {"kind": "discard", "reason"} or {"kind": "assign", "owner"}
  action jsonb not null,
  -- Letters that it may take in a minute, and what it may take at once as of a moment.
  per_minute integer not null,
  allowance double precision not null,
  allowance_at timestamptz not null default now(),
  -- Letters up to this number were looked at.
  cursor bigint not null,
  -- Letters that it took, and when it did last.
  taken bigint not null default 0,
  acted_at timestamptz,
  updated_at timestamptz not null default now(),
  updated_by text not null
);
--> statement-breakpoint
create unique index failure_rules_name_key on failure_rules (lower(name));
