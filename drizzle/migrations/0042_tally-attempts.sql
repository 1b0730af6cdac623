-- What ended in one transaction, by second and type: written with what became of the deliveries, and counted a moment
-- later. Adding a row disturbs nobody, where every delivery of a consumer would wait for the one row of its minute.
create table processing_tallies (
  id bigint generated always as identity primary key,
  subscription_id integer not null,
  recorded_at timestamptz not null default now(),
  tally json not null
);
--> statement-breakpoint

-- Up to when everything is counted is seen from what is left to count.
alter table metric_coverage drop column complete_us;
--> statement-breakpoint
insert into metric_coverage (source, since_us)
select 'attempts', (extract(epoch from now()) * 1000000)::bigint
union all
select 'events', coalesce((select min(position) from events), (extract(epoch from now()) * 1000000)::bigint);
