-- Letters are noted before the audit row that they name, which says how many they were.
alter table letter_actions drop constraint letter_actions_audit_id_fkey;
