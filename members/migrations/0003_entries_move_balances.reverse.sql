ALTER TABLE members_account RESET (fillfactor);
DROP TRIGGER members_account_no_delete ON members_account;
DROP TRIGGER members_account_balance_is_posted ON members_account;
DROP TRIGGER members_account_opens_empty ON members_account;
DROP FUNCTION members_refuse();
DROP TRIGGER members_entry_no_truncate ON members_entry;
DROP TRIGGER members_entry_insert_only ON members_entry;
DROP TRIGGER members_entry_moves_balance ON members_entry;
DROP FUNCTION members_post_entries();
