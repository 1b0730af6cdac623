-- Runs of declared processes, which a mediator takes from step to step.
create table processes (
  id uuid primary key default gen_random_uuid(),
  -- The declaration that it follows.
  name text not null,
  -- What people know it by, such as an order number.
  business_key text not null,
  correlation_id text not null,
  status text not null constraint processes_status_check check (
    status in ('running', 'compensating', 'completed', 'compensated', 'failed')),
  -- Everything that the process remembers.
  state jsonb not null,
  -- Counts the transitions.
  version integer not null default 0,
  start_position bigint not null,
  started_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  -- When something has to be done although no event comes.
  next_deadline timestamptz,
  constraint processes_name_correlation_id_key unique (name, correlation_id)
);
--> statement-breakpoint
create index processes_next_deadline_idx on processes (next_deadline) where next_deadline is not null;
--> statement-breakpoint
create index processes_name_start_position_idx on processes (name, start_position);
--> statement-breakpoint
create index processes_status_name_start_position_idx on processes (status, name, start_position);
--> statement-breakpoint
create index processes_business_key_idx on processes (business_key);
--> statement-breakpoint

-- What happened to a process, in order.
create table process_transitions (
  process_id uuid not null references processes on delete cascade,
  sequence integer not null,
  at timestamptz not null,
  kind text not null,
  step text,
  attempt integer,
  detail text,
  -- The event that led to it; null where time or a person did.
  cause_position bigint,
  constraint process_transitions_pkey primary key (process_id, sequence)
);
--> statement-breakpoint

-- Compensations that failed: what a person has to look at.
create table incidents (
  id bigint generated always as identity primary key,
  process_id uuid not null references processes on delete cascade,
  step text not null,
  reason text not null,
  raised_at timestamptz not null,
  failures integer not null default 1,
  resolved_at timestamptz,
  -- Who resolved it, or what did.
  resolved_by text
);
--> statement-breakpoint
create unique index incidents_process_id_step_key on incidents (process_id, step) where resolved_at is null;
--> statement-breakpoint
create index incidents_raised_at_idx on incidents (raised_at) where resolved_at is null;
