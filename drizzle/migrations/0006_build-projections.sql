-- Read models that are built from the log. Each is built in generations: one is served, a newer one may be under
-- construction beside it, and older ones are being cleared away.
create table projections (
  name text primary key,
  -- The generation that is served.
  generation integer not null default 1,
  paused_at timestamptz
);
--> statement-breakpoint

create table projection_generations (
  name text not null references projections,
  generation integer not null,
  -- Of the code that builds it.
  version integer not null,
  -- Written in the transaction of what the events before it led to.
  position bigint not null default 0,
  applied bigint not null default 0,
  started_at timestamptz not null default now(),
  moved_at timestamptz not null default now(),
  -- Tries to go on that failed one after the other, the last reason, and the event at which it stands.
  failures integer not null default 0,
  error text,
  failed_position bigint,
  failed_at timestamptz,
  retry_at timestamptz,
  constraint projection_generations_pkey primary key (name, generation)
);
--> statement-breakpoint

-- Orders as their events left them: the read model of the projection `order-summaries`.
create table order_summaries (
  generation integer not null,
  order_id text not null,
  version integer not null,
  status text not null,
  customer_id text not null,
  currency text not null,
  line_count integer not null,
  total_minor bigint not null,
  state jsonb not null,
  first_position bigint not null,
  last_position bigint not null,
  constraint order_summaries_pkey primary key (generation, order_id)
);
--> statement-breakpoint
create index order_summaries_last_position_idx on order_summaries (generation, last_position);
--> statement-breakpoint

-- Its lists are of a few elements or a few hundred, and each plan serves both: planning anew costs more than running it.
alter function append_to_streams set plan_cache_mode = force_generic_plan;
