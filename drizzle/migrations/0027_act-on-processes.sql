-- A run that a person ended.
alter table processes drop constraint processes_status_check;
--> statement-breakpoint
alter table processes add constraint processes_status_check check (
  status in ('running', 'compensating', 'completed', 'compensated', 'failed', 'cancelled'));
--> statement-breakpoint

-- Who moved a process, where a person did, and what they asked for: the same asked for twice is done once.
alter table process_transitions add column actor text, add column request jsonb;
