-- What `problem` says, so that it can be said in other languages.
alter table alert_rules add column problem_facts jsonb;
