-- A visit, its prescription and its settlements are all of one member and one area.
ALTER TABLE claims_visit
    ADD CONSTRAINT prescription_is_the_members FOREIGN KEY (prescription_id, member_id)
    REFERENCES claims_prescription (id, member_id);
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

-- The institution whose agreement counts: who ordered from a third-party centre, and for an internet
-- hospital the physical one.
-- (plpgsql keeps its plans; an SQL function that is not inlined is planned at every call.)
CREATE FUNCTION claims_billing_institution(visited bigint) RETURNS bigint LANGUAGE plpgsql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT coalesce(billing.physical_id, billing.id)
            FROM public.facilities_institution i
            JOIN public.facilities_institution billing
              ON billing.id = CASE WHEN i.is_third_party THEN coalesce(i.ordering_id, i.id) ELSE i.id END
            WHERE i.id = visited);
END
$$;

-- What stood against the cap of a visit, month or quarter before a settlement; of a year: its total.
CREATE FUNCTION claims_counted_before(settled claims_settlement) RETURNS numeric LANGUAGE plpgsql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first date := settled.day;
    until date := settled.day;
    carries boolean;
BEGIN
    SELECT bool_or(carries_over) INTO carries FROM public.policies_caprow
        WHERE version_id = settled.version_id AND care = settled.care AND scope = 'own'
          AND period = settled.limit_period;
    IF settled.limit_period = 'year' OR carries THEN
        RETURN settled.counted_before;
    ELSIF settled.limit_period = 'month' THEN
        first := date_trunc('month', settled.day);
        until := first + interval '1 month';
    ELSIF settled.limit_period = 'quarter' THEN
        SELECT date_trunc('month', settled.day)
               - make_interval(months => (extract(month FROM settled.day)::int - year_starts + 12) % 12 % 3)
            INTO first FROM public.policies_termsrow
            WHERE version_id = settled.version_id AND care = settled.care;
        until := first + interval '3 months';
    END IF;
    RETURN (SELECT coalesce(sum(adds_counted), 0) FROM public.claims_settlement
            WHERE member_id = settled.member_id AND care = settled.care AND policy_year = settled.policy_year
              AND id <> settled.id
              AND CASE settled.limit_period WHEN 'visit' THEN visit_id = settled.visit_id
                  ELSE day >= first AND day < until END);
END
$$;

-- Whether a settlement names a cap of its version (none only where a row says that there is none), and
-- counts what the fund pays against it and against the overall limit, unless a share is paid above.
CREATE FUNCTION claims_held_to_the_caps(settled claims_settlement) RETURNS boolean LANGUAGE plpgsql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT
        coalesce(bool_or(CASE
            WHEN settled.limit_amount IS NULL THEN amount IS NULL AND series = ''
            ELSE period = settled.limit_period
                 AND (amount = settled.limit_amount OR series <> '' OR carries_over)
        END) FILTER (WHERE scope = 'own'), settled.limit_amount IS NULL)
        AND (settled.adds_counted >= settled.adds_fund OR bool_or(above > 0))
        AND (settled.adds_overall > 0 OR NOT coalesce(bool_and(counts_in_overall) FILTER (WHERE scope = 'own'), false))
        AND (settled.overall_limit IS NULL OR settled.adds_overall = 0
             OR bool_or(amount = settled.overall_limit OR series <> '') FILTER (WHERE scope = 'overall'))
        FROM public.policies_caprow
        WHERE version_id = settled.version_id AND care = settled.care);
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
        IF NEW.made_on < original.made_on THEN
            PERFORM public.claims_refuse('a reversal is not made before its settlement');
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
    PERFORM 1 FROM public.policies_policyversion v JOIN public.members_member m ON m.id = NEW.member_id
        WHERE v.id = NEW.version_id AND v.area_id = NEW.area_id AND v.scheme = m.scheme
          AND v.subject = 'benefit' AND v.state = 'published'
          AND v.in_force_from <= NEW.day AND (v.in_force_until IS NULL OR NEW.day < v.in_force_until)
        FOR SHARE OF v;
    IF NOT FOUND THEN
        PERFORM public.claims_refuse('the policy version is not in force on the day of service');
    END IF;
    PERFORM 1 FROM public.policies_termsrow
        WHERE version_id = NEW.version_id AND care = NEW.care
          AND NEW.policy_year = extract(year FROM NEW.day) - (extract(month FROM NEW.day) < year_starts)::int;
    IF NOT FOUND THEN
        PERFORM public.claims_refuse('the policy year is not that of the day of service');
    END IF;
    IF NEW.adds_fund > 0 AND NOT public.claims_held_to_the_caps(NEW) THEN
        PERFORM public.claims_refuse('the settlement is not held to the caps of its policy version');
    END IF;
    IF NEW.limit_period NOT IN ('', 'year') AND NEW.limit_before <> public.claims_counted_before(NEW) THEN
        PERFORM public.claims_refuse('what stood against the cap before is not what the settlement says');
    END IF;
    IF NEW.fund = 0 AND NEW.account = 0 THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM public.facilities_agreement a
        WHERE a.institution_id = public.claims_billing_institution(NEW.institution_id)
          AND a.in_force_from <= NEW.day AND (a.in_force_until IS NULL OR NEW.day < a.in_force_until)
        FOR SHARE;
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

CREATE TRIGGER claims_settlement_insert_only BEFORE UPDATE OR DELETE ON claims_settlement
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER claims_settlement_no_truncate BEFORE TRUNCATE ON claims_settlement
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER claims_visit_insert_only BEFORE UPDATE OR DELETE ON claims_visit
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER claims_visit_no_truncate BEFORE TRUNCATE ON claims_visit
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
