-- The bins in which these percentiles of a point lie, of points of an hour and longer, as they are summed up: a long chart
-- reads them instead of histograms. Null where they are not known.
alter table metric_points add column p50 smallint, add column p95 smallint, add column p99 smallint;
--> statement-breakpoint

-- The first bin with the given share of all values in it and before it.
create function metric_percentile(bins smallint[], counts bigint[], share float8) returns smallint
language sql immutable parallel safe as $$
  select bin from (
    select bin, sum(count) over (order by bin) as seen, sum(count) over () as total
    from unnest(bins, counts) as b (bin, count)
  ) each_bin
  where seen >= greatest(1, ceil(share * total::float8)) order by bin limit 1
$$;
--> statement-breakpoint

-- Points of a series lie apart, as they are written step by step. What is read for long charts stands side by side in the
-- index; its pages are read alone where vacuum has seen the table, which happens soon for what is only added to.
drop index metric_points_series_second_idx;
--> statement-breakpoint
do $$
begin
  for slot in 0..7 loop
    execute format('create index metric_points_%s_series_second_idx on metric_points_%1$s (series_id, second)', slot);
  end loop;
  for slot in 8..23 loop
    execute format(
      'create index metric_points_%s_series_second_idx on metric_points_%1$s (series_id, second)
       include (samples, sum, low, high, last, p50, p95, p99)', slot);
    execute format(
      'alter table metric_points_%s set (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 10000)', slot);
  end loop;
end $$;
