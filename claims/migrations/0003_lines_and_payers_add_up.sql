-- At the end of the transaction: the lines add up to the settlement, what is left out of the year's
-- totals is left out by a rule for its items, and the account's part is posted once.
CREATE FUNCTION claims_settlement_is_complete() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM public.claims_settledline WHERE settlement_id = NEW.id
        HAVING (sum(total), sum(self_funded), sum(over_standard), sum(pre_self_pay), sum(eligible))
             = (NEW.total, NEW.self_funded, NEW.over_standard, NEW.pre_self_pay, NEW.eligible);
    IF NOT FOUND THEN
        PERFORM public.claims_refuse('the lines do not add up to the settlement');
    END IF;
    IF NEW.reason = '' AND NEW.reverses_id IS NULL
        AND (NEW.eligible, NEW.fund) <> (NEW.adds_eligible, NEW.adds_fund)
        AND greatest(NEW.eligible - NEW.adds_eligible, NEW.fund - NEW.adds_fund)
            > public.claims_left_out(NEW.id) THEN
        PERFORM public.claims_refuse('no rule leaves so much out of the totals of the year');
    END IF;
    IF NEW.reverses_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM public.claims_settledline mirror
        LEFT JOIN public.claims_settledline l ON l.line_id = mirror.line_id AND l.settlement_id = NEW.reverses_id
        WHERE mirror.settlement_id = NEW.id
          AND (mirror.total, mirror.self_funded, mirror.over_standard, mirror.pre_self_pay, mirror.eligible)
              IS DISTINCT FROM (-l.total, -l.self_funded, -l.over_standard, -l.pre_self_pay, -l.eligible)) THEN
        PERFORM public.claims_refuse('a reversal mirrors the lines of its settlement');
    END IF;
    IF NEW.account <> 0 AND NOT public.claims_account_part_is_posted(NEW) THEN
        PERFORM public.claims_refuse('the account''s part of the settlement is not posted to the account');
    END IF;
    RETURN NULL;
END
$$;

-- The eligible spending of a settlement that an item rule of its version leaves out of the year's totals.
CREATE FUNCTION claims_left_out(settlement bigint) RETURNS numeric LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    RETURN (SELECT coalesce(sum(l.eligible), 0)
            FROM public.claims_settledline l
            JOIN public.claims_billline b ON b.id = l.line_id
            JOIN public.claims_settlement s ON s.id = l.settlement_id
            WHERE s.id = settlement AND EXISTS (
                SELECT 1 FROM public.policies_itemrulerow r
                WHERE r.version_id = s.version_id AND r.care = s.care AND r.left_out
                  AND (b.kind = ANY (r.item_kinds) OR r.item_kinds = '{}')));

-- The member's account has the payment of the settlement, or for a reversal the refund of that payment.
CREATE FUNCTION claims_account_part_is_posted(s claims_settlement) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    RETURN EXISTS (
        SELECT 1 FROM public.members_account a
        JOIN public.members_entry e ON e.account_id = a.id
        LEFT JOIN public.members_entry paid ON paid.id = e.corrects_id
        LEFT JOIN public.claims_settlement original ON original.id = s.reverses_id
        WHERE a.member_id = s.member_id AND e.amount = -s.account
          AND CASE WHEN s.reverses_id IS NULL
              THEN e.key = 'settlement:' || s.number AND e.kind = 'payment'
              ELSE e.key = 'reversal:' || s.number AND e.kind = 'refund' AND paid.account_id = a.id
                   AND paid.key = 'settlement:' || original.number END);

CREATE CONSTRAINT TRIGGER claims_settlement_is_complete AFTER INSERT ON claims_settlement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_settlement_is_complete();

-- The other way round: an entry that says it is a settlement's is what that settlement took or gave.
CREATE FUNCTION claims_entry_is_a_settlements() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM public.claims_settlement s
        JOIN public.members_account a ON a.member_id = s.member_id
        WHERE a.id = NEW.account_id AND s.number = split_part(NEW.key, ':', 2) AND s.account = -NEW.amount
          AND (s.reverses_id IS NULL) = (NEW.key LIKE 'settlement:%');
    IF NOT FOUND THEN
        PERFORM public.claims_refuse('no settlement has taken or given back what the entry says');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER claims_entry_is_a_settlements AFTER INSERT ON members_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.key LIKE 'settlement:S%' OR NEW.key LIKE 'reversal:S%')
    EXECUTE FUNCTION claims_entry_is_a_settlements();

-- A line stands in one settlement until that is reversed; the database keeps the mark. A settlement that
-- is complete takes no further line: every line is above 0, so it would hold more than its total.
CREATE FUNCTION claims_lines_are_settled_once() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted bigint;
    moved bigint;
BEGIN
    SELECT count(*) INTO wanted FROM settled;
    UPDATE public.claims_billline l
    SET settled_by_id = CASE WHEN s.reverses_id IS NULL THEN s.id END
    FROM settled JOIN public.claims_settlement s ON s.id = settled.settlement_id
    WHERE l.id = settled.line_id AND l.visit_id = s.visit_id
      AND l.settled_by_id IS NOT DISTINCT FROM s.reverses_id
      AND settled.total = CASE WHEN s.reverses_id IS NULL THEN l.amount ELSE -l.amount END;
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved <> wanted THEN
        PERFORM public.claims_refuse('a bill line is settled once, in its own visit, with its own amount');
    END IF;
    PERFORM 1 FROM public.claims_settlement s JOIN public.claims_settledline l ON l.settlement_id = s.id
        WHERE s.id IN (SELECT settlement_id FROM settled)
        GROUP BY s.id HAVING abs(sum(l.total)) > abs(s.total);
    IF FOUND THEN
        PERFORM public.claims_refuse('the lines are more than the settlement');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_lines_are_settled_once AFTER INSERT ON claims_settledline
    REFERENCING NEW TABLE AS settled
    FOR EACH STATEMENT EXECUTE FUNCTION claims_lines_are_settled_once();

CREATE FUNCTION claims_refuse_with() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER claims_billline_enters_unsettled BEFORE INSERT ON claims_billline
    FOR EACH ROW WHEN (NEW.settled_by_id IS NOT NULL)
    EXECUTE FUNCTION claims_refuse_with('a bill line enters unsettled');
CREATE TRIGGER claims_billline_stands BEFORE UPDATE ON claims_billline
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0)
    EXECUTE FUNCTION claims_refuse_with('a bill line is not changed: delete it while unsettled, and enter another');

CREATE TRIGGER claims_settledline_insert_only BEFORE UPDATE OR DELETE ON claims_settledline
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER claims_settledline_no_truncate BEFORE TRUNCATE ON claims_settledline
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER claims_billline_no_truncate BEFORE TRUNCATE ON claims_billline
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
