-- How far the read models that were served had come at each moment: a row for every stretch of events that was applied.
create table projection_progress (
  projection text not null,
  generation integer not null,
  -- Of the code that built it.
  version integer not null,
  position bigint not null,
  applied_at timestamptz not null default clock_timestamp()
);
--> statement-breakpoint
create index projection_progress_idx on projection_progress (projection, applied_at);
--> statement-breakpoint
insert into projection_progress (projection, generation, version, position, applied_at)
select name, generation, version, position, moved_at from projections join projection_generations using (name, generation);
