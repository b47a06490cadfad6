-- A visit, its prescription and its settlements are all of one member and one area.
ALTER TABLE claims_visit
    ADD CONSTRAINT visit_in_its_members_area FOREIGN KEY (member_id, area_id)
    REFERENCES members_member (id, area_id);
ALTER TABLE claims_prescription
    ADD CONSTRAINT prescription_in_its_members_area FOREIGN KEY (member_id, area_id)
    REFERENCES members_member (id, area_id);
ALTER TABLE claims_settlement
    ADD CONSTRAINT settlement_of_its_visit FOREIGN KEY (visit_id, member_id, area_id)
    REFERENCES claims_visit (id, member_id, area_id);

CREATE FUNCTION claims_refuse(said text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', said USING ERRCODE = 'restrict_violation';
END
$$;

-- Before a settlement stands: policy and agreement in force on its day, nobody dead, and a reversal is the
-- exact mirror of what it reverses, which is no reversal itself. The locks keep what was looked at.
CREATE FUNCTION claims_settlement_is_allowed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    original public.claims_settlement;
    visited public.claims_visit;
BEGIN
    SELECT * INTO visited FROM public.claims_visit WHERE id = NEW.visit_id;
    IF visited.day <> NEW.day OR visited.institution_id <> NEW.institution_id OR visited.care <> NEW.care THEN
        PERFORM public.claims_refuse('a settlement has the day, institution and care of its visit');
    END IF;
    PERFORM 1 FROM public.members_yeartotal
        WHERE id = NEW.year_total_id AND member_id = NEW.member_id AND care = NEW.care AND year = NEW.policy_year;
    IF NOT FOUND THEN
        PERFORM public.claims_refuse('the total of the year is another member''s, care''s or year''s');
    END IF;
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT * INTO original FROM public.claims_settlement WHERE id = NEW.reverses_id;
        IF original.reverses_id IS NOT NULL THEN
            PERFORM public.claims_refuse('a reversal cannot be reversed');
        END IF;
        IF (NEW.visit_id, NEW.version_id, NEW.year_total_id, NEW.deductible_account, NEW.channel, NEW.reason)
            IS DISTINCT FROM (original.visit_id, original.version_id, original.year_total_id,
                              original.deductible_account, original.channel, original.reason)
            OR (NEW.total, NEW.self_funded, NEW.over_standard, NEW.pre_self_pay, NEW.eligible, NEW.deductible,
                NEW.fund, NEW.own_share, NEW.above_cap, NEW.account, NEW.cash, NEW.adds_eligible,
                NEW.adds_deductible, NEW.adds_fund, NEW.adds_counted, NEW.adds_overall)
            IS DISTINCT FROM
               (-original.total, -original.self_funded, -original.over_standard, -original.pre_self_pay,
                -original.eligible, -original.deductible, -original.fund, -original.own_share,
                -original.above_cap, -original.account, -original.cash, -original.adds_eligible,
                -original.adds_deductible, -original.adds_fund, -original.adds_counted, -original.adds_overall)
        THEN
            PERFORM public.claims_refuse('a reversal mirrors its settlement exactly');
        END IF;
        RETURN NEW;
    END IF;
    PERFORM 1 FROM public.policies_policyversion
        WHERE id = NEW.version_id AND area_id = NEW.area_id AND subject = 'benefit' AND state = 'published'
          AND in_force_from <= NEW.day AND (in_force_until IS NULL OR NEW.day < in_force_until)
        FOR SHARE;
    IF NOT FOUND THEN
        PERFORM public.claims_refuse('the policy version is not in force on the day of service');
    END IF;
    IF NEW.fund = 0 AND NEW.account = 0 THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM public.facilities_agreement a
        JOIN public.facilities_institution i ON i.id = NEW.institution_id
        WHERE a.institution_id = coalesce(i.physical_id, i.id)
          AND a.in_force_from <= NEW.day AND (a.in_force_until IS NULL OR NEW.day < a.in_force_until)
        FOR SHARE OF a;
    IF NOT FOUND THEN
        PERFORM public.claims_refuse('no agreement with the institution is in force on the day of service');
    END IF;
    PERFORM 1 FROM public.members_member m JOIN public.members_person p ON p.id = m.person_id
        WHERE m.id = NEW.member_id AND (p.died_on IS NULL OR NEW.day <= p.died_on)
        FOR SHARE OF p;
    IF NOT FOUND THEN
        PERFORM public.claims_refuse('the member had died before the day of service');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER claims_settlement_is_allowed BEFORE INSERT ON claims_settlement
    FOR EACH ROW EXECUTE FUNCTION claims_settlement_is_allowed();

-- Inserting a settlement is the one thing that moves the totals of a year; what it says was there before
-- must be what is there, so that no two settlements reckon from the same totals.
CREATE FUNCTION claims_settlement_moves_totals() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.adds_eligible, NEW.adds_deductible, NEW.adds_fund, NEW.adds_counted, NEW.adds_overall)
        = (0, 0, 0, 0, 0) THEN
        RETURN NULL;
    END IF;
    UPDATE public.members_yeartotal SET
        eligible = eligible + NEW.adds_eligible,
        deductible = deductible + NEW.adds_deductible,
        fund = fund + NEW.adds_fund,
        counted = counted + NEW.adds_counted
    WHERE id = NEW.year_total_id
      AND (eligible, deductible, fund, counted)
        = (NEW.eligible_before, NEW.deductible_before, NEW.fund_before, NEW.counted_before);
    IF NOT FOUND THEN
        PERFORM public.claims_refuse('the totals of the year are not what the settlement reckoned from');
    END IF;
    IF NEW.adds_overall <> 0 THEN
        UPDATE public.members_yeartotal SET fund = fund + NEW.adds_overall, counted = counted + NEW.adds_overall
        WHERE member_id = NEW.member_id AND care = 'all' AND year = NEW.policy_year
          AND counted = NEW.overall_before;
        IF NOT FOUND THEN
            PERFORM public.claims_refuse('the overall total of the year is not what the settlement reckoned from');
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_settlement_moves_totals AFTER INSERT ON claims_settlement
    FOR EACH ROW EXECUTE FUNCTION claims_settlement_moves_totals();

-- At the end of the transaction: the lines add up to the settlement, and its account part is posted once.
CREATE FUNCTION claims_settlement_is_complete() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM public.claims_settledline WHERE settlement_id = NEW.id
        HAVING (coalesce(sum(total), 0), coalesce(sum(self_funded), 0), coalesce(sum(over_standard), 0),
                coalesce(sum(pre_self_pay), 0), coalesce(sum(eligible), 0))
             = (NEW.total, NEW.self_funded, NEW.over_standard, NEW.pre_self_pay, NEW.eligible);
    IF NOT FOUND THEN
        PERFORM public.claims_refuse('the lines do not add up to the settlement');
    END IF;
    IF NEW.account <> 0 THEN
        PERFORM 1 FROM public.members_entry e JOIN public.members_account a ON a.id = e.account_id
            WHERE a.member_id = NEW.member_id AND e.amount = -NEW.account
              AND e.key = CASE WHEN NEW.reverses_id IS NULL THEN 'settlement:' || NEW.number
                               ELSE 'reversal:' || NEW.number END;
        IF NOT FOUND THEN
            PERFORM public.claims_refuse('the account''s part of the settlement is not posted to the account');
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER claims_settlement_is_complete AFTER INSERT ON claims_settlement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_settlement_is_complete();

-- A line stands in one settlement until that is reversed; the database keeps the mark.
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
      AND l.amount = abs(settled.total);
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved <> wanted THEN
        PERFORM public.claims_refuse('a bill line is settled once, in its own visit, with its own amount');
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

CREATE TRIGGER claims_settlement_insert_only BEFORE UPDATE OR DELETE ON claims_settlement
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER claims_settlement_no_truncate BEFORE TRUNCATE ON claims_settlement
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER claims_settledline_insert_only BEFORE UPDATE OR DELETE ON claims_settledline
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER claims_settledline_no_truncate BEFORE TRUNCATE ON claims_settledline
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();

-- A published version's end is brought forward to no earlier than the last day settled under it.
CREATE FUNCTION claims_version_outlasts_its_settlements() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM public.claims_settlement WHERE version_id = NEW.id AND day >= NEW.in_force_until;
    IF FOUND THEN
        PERFORM public.claims_refuse('the version has settlements on or after the day that is to end it');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_version_outlasts_its_settlements AFTER UPDATE OF in_force_until ON policies_policyversion
    FOR EACH ROW WHEN (NEW.in_force_until IS DISTINCT FROM OLD.in_force_until)
    EXECUTE FUNCTION claims_version_outlasts_its_settlements();

-- Numbers of visits, settlements and prescriptions count on, whatever fails.
CREATE SEQUENCE claims_number;
