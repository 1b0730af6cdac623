-- Dead letters with the same fingerprint (of consumer, event type and normalised error), and what people do about them.
create table failure_cases (
  id integer generated always as identity primary key,
  fingerprint text not null constraint failure_cases_fingerprint_key unique,
  subscription_id integer not null,
  type_id integer not null,
  -- What is the same in each of them.
  error jsonb not null,
  -- The message of the newest one, as it was.
  message text not null,
  status text not null default 'open' constraint failure_cases_status_check check (status in ('open', 'muted', 'resolved')),
  -- Who muted or resolved it, when, and until when it is muted.
  status_by text,
  status_at timestamptz,
  muted_until timestamptz,
  owner text,
  ticket_url text,
  -- How often it returned after it was resolved.
  returns integer not null default 0,
  -- Deliveries that died of it, ever.
  deaths bigint not null default 0,
  -- Where its letters stand now.
  parked bigint not null default 0,
  replaying bigint not null default 0,
  resolved bigint not null default 0,
  discarded bigint not null default 0,
  first_at timestamptz not null,
  last_at timestamptz not null
);
--> statement-breakpoint
create index failure_cases_subscription_id_idx on failure_cases (subscription_id, type_id);
--> statement-breakpoint

create table case_notes (
  id bigint generated always as identity primary key,
  case_id integer not null references failure_cases on delete cascade,
  at timestamptz not null default now(),
  by text not null,
  note text not null
);
--> statement-breakpoint
create index case_notes_case_id_idx on case_notes (case_id, id);
--> statement-breakpoint

-- Deaths by five minutes.
create table case_counts (
  case_id integer not null references failure_cases on delete cascade,
  since timestamptz not null,
  deaths integer not null,
  constraint case_counts_pkey primary key (case_id, since)
);
--> statement-breakpoint
create index case_counts_since_idx on case_counts (since);
--> statement-breakpoint

-- Deliveries that used up their attempts, from the first time on that they did: written with the death itself, put into
-- its case and numbered a moment later, and dropped with its event's day.
create table dead_letters (
  position bigint not null,
  subscription_id integer not null,
  -- In which it died last.
  generation integer not null,
  -- Counts the deaths in the order in which they were put into cases: what is cut off at a number stays as it is.
  -- Null, like its case, as long as it has not been.
  number bigint,
  case_id integer references failure_cases,
  -- By number: parked, replaying, resolved, discarded.
  status smallint not null default 0,
  -- The status under which its case counts it; null as long as none does.
  counted_as smallint,
  type_id integer not null,
  source_id integer not null,
  event_id text not null,
  partition_key text,
  correlation_id text,
  -- The beginning of its last error's message.
  message text not null,
  -- Of all generations.
  attempts integer not null,
  deaths integer not null default 1,
  first_died_at timestamptz not null,
  died_at timestamptz not null,
  -- When its status last changed.
  changed_at timestamptz not null default now(),
  constraint dead_letters_pkey primary key (position, subscription_id)
);
--> statement-breakpoint
create sequence dead_letter_numbers;
--> statement-breakpoint
create unique index dead_letters_number_key on dead_letters (number);
--> statement-breakpoint
create index dead_letters_ungrouped_idx on dead_letters (died_at) where number is null;
--> statement-breakpoint
create index dead_letters_uncounted_idx on dead_letters (position)
  where number is not null and counted_as is distinct from status;
--> statement-breakpoint
create index dead_letters_replaying_idx on dead_letters (position, subscription_id) where status = 1;
--> statement-breakpoint
create index dead_letters_case_id_idx on dead_letters (case_id, status, number);
--> statement-breakpoint
create index dead_letters_status_idx on dead_letters (status, number);
--> statement-breakpoint
create index dead_letters_partition_key_idx on dead_letters (hashtextextended(partition_key, 0), number)
  where partition_key is not null;
--> statement-breakpoint
create index dead_letters_correlation_id_idx on dead_letters (hashtextextended(correlation_id, 0), number)
  where correlation_id is not null;
--> statement-breakpoint
create index dead_letters_event_id_idx on dead_letters (hashtextextended(event_id, 0), number);
--> statement-breakpoint

-- Those that are dead already.
insert into dead_letters (position, subscription_id, generation, type_id, source_id, event_id, partition_key,
  correlation_id, message, attempts, first_died_at, died_at)
select d.position, d.subscription_id, d.generation, e.type_id, e.source_id, e.id, e.partition_key, e.correlation_id,
  coalesce(left(a.error ->> 'message', 500), ''), greatest(coalesce(a.attempts, 0), d.attempts),
  coalesce(d.settled_at, now()), coalesce(d.settled_at, now())
from deliveries d join events e on e.position = d.position
left join lateral (
  select error, count(*) over () as attempts from attempts
  where position = d.position and subscription_id = d.subscription_id
  order by generation desc, attempt desc limit 1) a on true
where d.status = 4;
