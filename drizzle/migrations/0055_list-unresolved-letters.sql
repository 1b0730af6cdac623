-- What becomes of a letter stands beside it as long as it is not resolved: a letter that is in a case and has no row here is.
-- So a letter's own row is not written when a replay of it succeeds, and most of what was resolved leaves no trace here.
create table unresolved_letters (
  position bigint not null,
  subscription_id integer not null,
  -- As in the letter.
  number bigint,
  case_id integer,
  -- By number: parked, replaying, discarded (3).
  status smallint not null,
  -- The status under which its case counts it; null as long as none does. Without a row here, it counts as resolved.
  counted_as smallint,
  constraint unresolved_letters_pkey primary key (position, subscription_id)
);
--> statement-breakpoint
insert into unresolved_letters (position, subscription_id, number, case_id, status, counted_as)
select position, subscription_id, number, case_id, status, counted_as from dead_letters where status <> 2 order by 1, 2;
--> statement-breakpoint
create index unresolved_letters_case_id_idx on unresolved_letters (case_id, status, number);
--> statement-breakpoint
create index unresolved_letters_status_idx on unresolved_letters (status, number);
--> statement-breakpoint
create index unresolved_letters_replaying_idx on unresolved_letters (position, subscription_id) where status = 1;
--> statement-breakpoint
create index unresolved_letters_uncounted_idx on unresolved_letters (position)
  where number is not null and counted_as is distinct from status;
--> statement-breakpoint
-- Those that are resolved, and counted as something else still.
insert into case_moves (case_id, old, new, letters)
select case_id, counted_as, 2, count(*) from dead_letters where status = 2 and counted_as <> 2 group by 1, 2;
--> statement-breakpoint

drop index dead_letters_uncounted_idx;
--> statement-breakpoint
drop index dead_letters_replaying_idx;
--> statement-breakpoint
drop index dead_letters_status_idx;
--> statement-breakpoint
drop index dead_letters_case_id_idx;
--> statement-breakpoint
create index dead_letters_case_id_idx on dead_letters (case_id, number);
--> statement-breakpoint
alter table dead_letters drop column status, drop column counted_as, drop column changed_at;
--> statement-breakpoint

create view dead_letters_with_status as
select l.*, coalesce(u.status, 2::smallint) as status,
  case when u.position is not null then u.counted_as when l.case_id is not null then 2::smallint end as counted_as
from dead_letters l
left join unresolved_letters u on u.position = l.position and u.subscription_id = l.subscription_id;
