-- Attempts that ended, whose minutes are still to be added to: written with what became of the delivery, so that none is
-- missed or counted twice, and added up a moment later. Every delivery of a consumer would otherwise wait for the one
-- row of its minute until the transaction of the one before has ended.
create table uncounted_attempts (
  id bigint generated always as identity primary key,
  subscription_id integer not null,
  type_id integer not null,
  -- Where the delivery stands after it: succeeded, retrying or dead, by number.
  status smallint not null,
  -- Microseconds since 1970.
  ended_us bigint not null,
  duration_us bigint not null,
  -- From the event's own time to the end; of a success only.
  critical_us bigint
);
