-- Numbers that the services of sample systems keep, such as how many shares of a symbol are held.
create table sample_totals (
  scenario text not null,
  -- The service and what it counts.
  name text not null,
  total double precision not null,
  constraint sample_totals_pkey primary key (scenario, name)
);
