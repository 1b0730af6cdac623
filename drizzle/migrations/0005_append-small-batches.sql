-- Stores a batch in one statement and gives its first position: one round trip for a few events. Larger batches come
-- by COPY, which costs less an event and more a batch. One element an event, in order; what is null is left out.
create function append_events(batch json) returns bigint language plpgsql as $$
declare
  first constant bigint := begin_append(json_array_length(batch));
begin
  with fresh as materialized (
    select *, first + ordinality - 1 as position
    from rows from (json_to_recordset(batch) as (
      identity uuid, event_hours integer, event_micros bigint,
      type_id integer, source_id integer, channel_id integer, content_type_id integer, data_schema_id integer,
      aggregate_type_id integer, aggregate_version integer, kind smallint, shape smallint, data_encoding smallint,
      id text, time_text text, subject text, correlation_id text, causation_id text, partition_key text,
      aggregate_id text, traceparent text, extensions text, data_text text, data_bytes bytea)) with ordinality
  ), claimed as (
    -- In the order of the index, so that two appends never deadlock.
    insert into event_identities (identity, position) select identity, position from fresh order by identity
  )
  insert into events (position, event_time, type_id, source_id, channel_id, content_type_id, data_schema_id,
    aggregate_type_id, aggregate_version, kind, shape, data_encoding, id, time_text, subject, correlation_id,
    causation_id, partition_key, aggregate_id, traceparent, extensions, data_text, data_bytes)
  select position, timestamptz 'epoch' + make_interval(hours => event_hours) + event_micros * interval '1 microsecond',
    type_id, source_id, channel_id, content_type_id, data_schema_id,
    aggregate_type_id, aggregate_version, kind, shape, data_encoding, id, time_text, subject, correlation_id,
    causation_id, partition_key, aggregate_id, traceparent, extensions, data_text, data_bytes
  from fresh;
  return first;
end $$;
