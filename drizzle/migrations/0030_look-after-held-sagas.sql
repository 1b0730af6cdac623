-- Whether a dead letter still holds its saga up is seen in its delivery.
drop table saga_nudges;
--> statement-breakpoint

-- Flows of the type that began since it is known, and sagas among them: until it is known whether nearly all are.
alter table saga_types add column begun integer not null default 0, add column went_on integer not null default 0;
