-- What was done in a window, to be shown beside its curves.
create index audit_log_at_idx on audit_log (at);
