-- The runs of declared processes in a flow, whatever they are called.
create index processes_correlation_id_idx on processes (hashtextextended(correlation_id, 0));
