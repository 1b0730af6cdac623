-- Points of a quarter of a day stand between those of hours and of days, which move on by one: a month is read by them.
do $$
begin
  for slot in 20..23 loop
    execute format('create table metric_points_%s partition of metric_points for values in (%s)', slot, slot);
  end loop;
end $$;
--> statement-breakpoint
create or replace function metric_slot(resolution integer, second bigint) returns smallint language sql immutable parallel safe as $$
  select (resolution * 4
    + second / (array[1800, 21600, 345600, 17280000, 17280000, 17280000])[resolution + 1] % 4)::smallint
$$;
--> statement-breakpoint
update metric_points set slot = slot + 4 where slot between 16 and 19;
--> statement-breakpoint
insert into metric_folds (resolution, second) select 5, second from metric_folds where resolution = 4;
--> statement-breakpoint
-- From the first hour on that there is.
update metric_folds set second = case
    when exists (select from metric_points) then 0
    else (select second from metric_folds where resolution = 3) / 21600 * 21600
  end
where resolution = 4;
