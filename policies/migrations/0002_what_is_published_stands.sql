-- A published version never changes, but that its end may be brought forward; only drafts are deleted.
CREATE FUNCTION policies_published_version_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'policy version % is %: only a draft can be deleted', OLD.id, OLD.state
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state <> 'published' THEN
        RETURN NEW;
    END IF;
    IF (to_jsonb(NEW) - 'in_force_until') <> (to_jsonb(OLD) - 'in_force_until') THEN
        RAISE EXCEPTION 'policy version % is published: it can be followed or ended, not changed', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.in_force_until IS NULL AND OLD.in_force_until IS NOT NULL
        OR NEW.in_force_until > coalesce(OLD.in_force_until, 'infinity') THEN
        RAISE EXCEPTION 'policy version % is published: its end can only be brought forward', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER policies_policyversion_stands BEFORE UPDATE OR DELETE ON policies_policyversion
    FOR EACH ROW EXECUTE FUNCTION policies_published_version_stands();
CREATE TRIGGER policies_policyversion_no_truncate BEFORE TRUNCATE ON policies_policyversion
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();

-- Rows change with their version's draft alone. The lock keeps a publication from slipping in between.
CREATE FUNCTION policies_rows_of_drafts_alone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT id, state FROM policies_policyversion
        WHERE id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END,
            CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END
        )
        FOR SHARE
    LOOP
        IF held.state <> 'draft' THEN
            RAISE EXCEPTION 'policy version % is %: its tables cannot be changed', held.id, held.state
                USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN coalesce(NEW, OLD);
END
$$;

CREATE TRIGGER policies_termsrow_of_drafts BEFORE INSERT OR UPDATE OR DELETE ON policies_termsrow
    FOR EACH ROW EXECUTE FUNCTION policies_rows_of_drafts_alone();
CREATE TRIGGER policies_termsrow_no_truncate BEFORE TRUNCATE ON policies_termsrow
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER policies_requirementrow_of_drafts BEFORE INSERT OR UPDATE OR DELETE ON policies_requirementrow
    FOR EACH ROW EXECUTE FUNCTION policies_rows_of_drafts_alone();
CREATE TRIGGER policies_requirementrow_no_truncate BEFORE TRUNCATE ON policies_requirementrow
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER policies_deductiblerow_of_drafts BEFORE INSERT OR UPDATE OR DELETE ON policies_deductiblerow
    FOR EACH ROW EXECUTE FUNCTION policies_rows_of_drafts_alone();
CREATE TRIGGER policies_deductiblerow_no_truncate BEFORE TRUNCATE ON policies_deductiblerow
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER policies_ratiorow_of_drafts BEFORE INSERT OR UPDATE OR DELETE ON policies_ratiorow
    FOR EACH ROW EXECUTE FUNCTION policies_rows_of_drafts_alone();
CREATE TRIGGER policies_ratiorow_no_truncate BEFORE TRUNCATE ON policies_ratiorow
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER policies_adjustmentrow_of_drafts BEFORE INSERT OR UPDATE OR DELETE ON policies_adjustmentrow
    FOR EACH ROW EXECUTE FUNCTION policies_rows_of_drafts_alone();
CREATE TRIGGER policies_adjustmentrow_no_truncate BEFORE TRUNCATE ON policies_adjustmentrow
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER policies_caprow_of_drafts BEFORE INSERT OR UPDATE OR DELETE ON policies_caprow
    FOR EACH ROW EXECUTE FUNCTION policies_rows_of_drafts_alone();
CREATE TRIGGER policies_caprow_no_truncate BEFORE TRUNCATE ON policies_caprow
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER policies_itemrulerow_of_drafts BEFORE INSERT OR UPDATE OR DELETE ON policies_itemrulerow
    FOR EACH ROW EXECUTE FUNCTION policies_rows_of_drafts_alone();
CREATE TRIGGER policies_itemrulerow_no_truncate BEFORE TRUNCATE ON policies_itemrulerow
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER policies_credittermsrow_of_drafts BEFORE INSERT OR UPDATE OR DELETE ON policies_credittermsrow
    FOR EACH ROW EXECUTE FUNCTION policies_rows_of_drafts_alone();
CREATE TRIGGER policies_credittermsrow_no_truncate BEFORE TRUNCATE ON policies_credittermsrow
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER policies_creditrow_of_drafts BEFORE INSERT OR UPDATE OR DELETE ON policies_creditrow
    FOR EACH ROW EXECUTE FUNCTION policies_rows_of_drafts_alone();
CREATE TRIGGER policies_creditrow_no_truncate BEFORE TRUNCATE ON policies_creditrow
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER policies_incentiverow_of_drafts BEFORE INSERT OR UPDATE OR DELETE ON policies_incentiverow
    FOR EACH ROW EXECUTE FUNCTION policies_rows_of_drafts_alone();
CREATE TRIGGER policies_incentiverow_no_truncate BEFORE TRUNCATE ON policies_incentiverow
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER policies_purposerow_of_drafts BEFORE INSERT OR UPDATE OR DELETE ON policies_purposerow
    FOR EACH ROW EXECUTE FUNCTION policies_rows_of_drafts_alone();
CREATE TRIGGER policies_purposerow_no_truncate BEFORE TRUNCATE ON policies_purposerow
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();

-- A figure once published stands.
CREATE TRIGGER policies_publishedfigure_insert_only BEFORE UPDATE OR DELETE ON policies_publishedfigure
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER policies_publishedfigure_no_truncate BEFORE TRUNCATE ON policies_publishedfigure
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
