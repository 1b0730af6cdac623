-- Sample systems and what is made to go wrong in them. One that was never started has no row.
create table scenarios (
  name text primary key,
  -- Null while it is stopped.
  running_since timestamptz,
  -- Units of its traffic a second, such as orders.
  rate double precision not null constraint scenarios_rate_check check (rate > 0),
  -- Up to when its traffic was produced.
  produced_to timestamptz,
  produced bigint not null default 0,
  -- Names of the optional services that are on.
  optional_services text[] not null default '{}'
);

create table scenario_faults (
  scenario text not null references scenarios on delete cascade,
  service text not null,
  fault jsonb not null,
  -- The story that it belongs to, if any.
  preset text,
  -- Null: until somebody takes it away.
  ends_at timestamptz,
  constraint scenario_faults_pkey primary key (scenario, service)
);

-- What the services of sample systems did: the database that each of them would have. A repeat finds it done.
create table sample_effects (
  scenario text not null,
  effect text not null,
  business_key text not null,
  times integer not null default 1,
  at timestamptz not null default now(),
  constraint sample_effects_pkey primary key (scenario, effect, business_key)
);
create index sample_effects_at_idx on sample_effects (at);
