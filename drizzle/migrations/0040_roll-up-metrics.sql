-- What charts are drawn from: one series for each metric and set of labels, and the points of each.
create table metric_series (
  id integer generated always as identity primary key,
  metric text not null,
  -- The names of its labels, with commas between them, as the catalogue orders them; empty for all together.
  label_names text not null,
  labels jsonb not null,
  created_at timestamptz not null default now()
);
--> statement-breakpoint
create unique index metric_series_metric_labels_key on metric_series (metric, md5(labels::text));
--> statement-breakpoint
create index metric_series_metric_label_names_idx on metric_series (metric, label_names);
--> statement-breakpoint

-- Points are added and never changed: what several of them say of one series and step adds up. Each resolution is kept
-- in four slots that take turns, so that what has expired goes by emptying a slot.
create table metric_points (
  -- Of the resolution and the moment, as `metric_slot` says.
  slot smallint not null,
  series_id integer not null,
  -- At which the step begins, since 1970.
  second bigint not null,
  samples bigint not null,
  sum double precision,
  low double precision,
  high double precision,
  last double precision,
  -- A logarithmic histogram: bins in ascending order, and how many values each holds.
  bins smallint[],
  counts bigint[]
) partition by list (slot);
--> statement-breakpoint
create index metric_points_series_second_idx on metric_points (series_id, second);
--> statement-breakpoint
create index metric_points_second_idx on metric_points (second);
--> statement-breakpoint
do $$
begin
  for slot in 0..19 loop
    execute format('create table metric_points_%s partition of metric_points for values in (%s)', slot, slot);
  end loop;
end $$;
--> statement-breakpoint

-- The slot of a point: of its resolution's four the one whose turn it is. A turn lasts half as long as points are kept.
create function metric_slot(resolution integer, second bigint) returns smallint language sql immutable parallel safe as $$
  select (resolution * 4 + second / (array[1800, 21600, 345600, 17280000, 17280000])[resolution + 1] % 4)::smallint
$$;
--> statement-breakpoint

-- Up to where each resolution was summed up from the one below. What comes for earlier moments is added to all of them.
create table metric_folds (
  resolution smallint primary key,
  second bigint not null
);
--> statement-breakpoint
insert into metric_folds (resolution, second)
select resolution, extract(epoch from now())::bigint / step * step
from unnest(array[1, 2, 3, 4], array[10, 60, 3600, 86400]) level (resolution, step);
--> statement-breakpoint

-- Since when, and up to when, everything that was recorded is in the points. Microseconds since 1970.
create table metric_coverage (
  source text primary key,
  since_us bigint not null,
  complete_us bigint not null
);
