-- Reads a name's rows of postings from the newest on, and no further than it has to. Without statistics of the end of
-- the range Postgres takes few rows for likely, and would collect and sort all of them first.
alter function floor_named(integer, bigint, bigint, bigint) set enable_sort = off;
