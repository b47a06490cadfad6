-- What was contributed and which number somebody had is corrected by a further row, never in place.
CREATE TRIGGER members_contribution_insert_only BEFORE UPDATE OR DELETE ON members_contribution
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER members_identitychange_insert_only BEFORE UPDATE OR DELETE ON members_identitychange
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
