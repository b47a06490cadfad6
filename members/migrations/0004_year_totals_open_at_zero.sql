-- Year totals are the sum of settlements and reversals. A row is opened at zero; afterwards only the
-- trigger on settlements writes it, from inside (trigger depth 1 and deeper).
CREATE TRIGGER members_yeartotal_opens_at_zero BEFORE INSERT ON members_yeartotal
    FOR EACH ROW
    WHEN (NEW.eligible <> 0 OR NEW.deductible <> 0 OR NEW.fund <> 0 OR NEW.counted <> 0
          OR NEW.carried <> 0)
    EXECUTE FUNCTION members_refuse('a total of the year opens at zero');
CREATE TRIGGER members_yeartotal_is_settled BEFORE UPDATE ON members_yeartotal
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0)
    EXECUTE FUNCTION members_refuse('a total of the year moves by settling, in no other way');
CREATE TRIGGER members_yeartotal_no_delete BEFORE DELETE ON members_yeartotal
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();

ALTER TABLE members_yeartotal SET (fillfactor = 70);
