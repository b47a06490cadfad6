-- A balance is the sum of the account's entries: entries are insert-only, and inserting them is the
-- one thing that moves a balance. The application role may not write the column at all.
CREATE FUNCTION members_post_entries() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first_id bigint;
    last_id bigint;
    total numeric;
BEGIN
    SELECT min(account_id), max(account_id), sum(amount) INTO first_id, last_id, total FROM posted;
    IF first_id = last_id THEN
        UPDATE public.members_account SET balance = balance + total WHERE id = first_id;
    ELSIF first_id IS NOT NULL THEN
        -- Locked by ascending id, so that two postings over the same accounts wait for each other
        -- instead of deadlocking. Planned anew each time: a plan kept from a first posting of many
        -- could scan all accounts for a few.
        EXECUTE 'SELECT 1 FROM public.members_account WHERE id IN (SELECT account_id FROM posted)
                 ORDER BY id FOR NO KEY UPDATE';
        EXECUTE 'UPDATE public.members_account AS account SET balance = balance + moved.amount
                 FROM (SELECT account_id, sum(amount) AS amount FROM posted GROUP BY account_id)
                     AS moved
                 WHERE account.id = moved.account_id';
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION members_post_entries() FROM PUBLIC;

CREATE TRIGGER members_entry_moves_balance AFTER INSERT ON members_entry
    REFERENCING NEW TABLE AS posted
    FOR EACH STATEMENT EXECUTE FUNCTION members_post_entries();

CREATE TRIGGER members_entry_insert_only BEFORE UPDATE OR DELETE ON members_entry
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER members_entry_no_truncate BEFORE TRUNCATE ON members_entry
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();

-- Refuses what the trigger's argument says, whoever asks.
CREATE FUNCTION members_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END
$$;

-- Conditions are tested before the function is called, so what is allowed costs next to nothing.
CREATE TRIGGER members_account_opens_empty BEFORE INSERT ON members_account
    FOR EACH ROW WHEN (NEW.balance <> 0)
    EXECUTE FUNCTION members_refuse('an account opens empty: post an opening entry');
CREATE TRIGGER members_account_balance_is_posted BEFORE UPDATE OF balance ON members_account
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0)
    EXECUTE FUNCTION members_refuse('a balance moves by posting an entry, in no other way');
CREATE TRIGGER members_account_no_delete BEFORE DELETE ON members_account
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();

-- A balance changes often and stands in no index: room on the page keeps its updates there (HOT).
ALTER TABLE members_account SET (fillfactor = 70);
