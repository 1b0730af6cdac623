-- To whom a step has handed the delivery of an item in flight, and until when that one is trusted with it, while the
-- delivery itself still says that it is dead. Null once the delivery says so itself.
alter table open_items add column worker uuid, add column lease_until timestamptz;
--> statement-breakpoint
-- Those of which the delivery itself says how it ended, looked at again and again while others are handed over.
create index open_items_claimed_idx on open_items (replay_id, seq) where state = 2 and worker is null;
