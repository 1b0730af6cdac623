-- What was done with all letters of a failure case, such as a replay of it.
create index audit_log_case_idx on audit_log ((details #>> '{selection,case}'), id)
  where details #>> '{selection,case}' is not null;
