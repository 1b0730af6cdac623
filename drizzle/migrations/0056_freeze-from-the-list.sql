-- The hash of consumer and ordering key by which items of a replay wait for each other, so that most selections are frozen
-- without looking at a letter.
alter table unresolved_letters add column key bigint;
--> statement-breakpoint
update unresolved_letters u set key = hashtextextended(l.partition_key, l.subscription_id)
from dead_letters l
where l.position = u.position and l.subscription_id = u.subscription_id and l.partition_key is not null;
