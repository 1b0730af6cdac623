-- What letters are looked up by beside their number, their case and their status: the event, the flow and the ordering key,
-- each by a hash with a seed of its own (see letter-keys.ts). Written when a letter gets its number. They stand apart, as
-- the row of a letter is written whenever its status changes, and then into each of its indexes.
create table letter_keys (
  hash bigint not null,
  number bigint not null
);
--> statement-breakpoint
insert into letter_keys (hash, number)
select distinct hash, number from dead_letters cross join lateral unnest(array[hashtextextended(event_id, 0),
  hashtextextended(correlation_id, 1), hashtextextended(partition_key, 2)]) as hash
where number is not null and hash is not null;
--> statement-breakpoint
alter table letter_keys add constraint letter_keys_pkey primary key (hash, number);
--> statement-breakpoint
drop index dead_letters_event_id_idx;
--> statement-breakpoint
drop index dead_letters_correlation_id_idx;
--> statement-breakpoint
drop index dead_letters_partition_key_idx;
--> statement-breakpoint
-- Of a letter that died again and waits for its next number: the one before, with which its keys still stand.
alter table dead_letters add column former_number bigint;
