"""What must always hold of settlements, as queries for whoever breaks it.

Constraints and triggers refuse these already; `manage.py verify_ledger` looks again, over what
stands, so that a restored, repaired or tampered database shows.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bureau import invariants

ADDS_UP = """
SELECT 'settlement' AS record, id AS record_id FROM claims_settlement
WHERE total <> self_funded + over_standard + pre_self_pay + eligible
   OR total <> fund + account + cash
   OR eligible <> deductible + fund + own_share + above_cap
   OR deductible <> adds_deductible
   OR reason <> '' AND (fund, deductible, adds_fund, adds_counted) <> (0, 0, 0, 0)
   OR (reverses_id IS NULL) <> (least(total, eligible, fund, account, cash) >= 0)
UNION ALL
SELECT 'settled line', id FROM claims_settledline
WHERE total <> self_funded + over_standard + pre_self_pay + eligible
"""

LINES = """
SELECT s.id AS settlement_id, s.total, l.total AS of_lines
FROM claims_settlement s
LEFT JOIN (
    SELECT settlement_id, sum(total) AS total, sum(self_funded) AS self_funded,
           sum(over_standard) AS over_standard, sum(pre_self_pay) AS pre_self_pay,
           sum(eligible) AS eligible
    FROM claims_settledline GROUP BY settlement_id
) l ON l.settlement_id = s.id
WHERE (s.total, s.self_funded, s.over_standard, s.pre_self_pay, s.eligible)
      IS DISTINCT FROM (l.total, l.self_funded, l.over_standard, l.pre_self_pay, l.eligible)
"""

LINE_TWICE = """
SELECT b.id AS bill_line_id, count(*) AS settlements
FROM claims_billline b
JOIN claims_settledline l ON l.line_id = b.id
JOIN claims_settlement s ON s.id = l.settlement_id AND s.reverses_id IS NULL
LEFT JOIN claims_settlement r ON r.reverses_id = s.id
WHERE r.id IS NULL
GROUP BY b.id HAVING count(*) > 1 OR min(b.settled_by_id) IS DISTINCT FROM min(s.id)
"""

YEAR_TOTALS = """
SELECT y.id AS year_total_id, y.member_id, y.care, y.year, y.fund, s.fund AS of_settlements
FROM members_yeartotal y
LEFT JOIN (
    SELECT member_id, care, policy_year, sum(adds_eligible) AS eligible,
           sum(adds_deductible) AS deductible, sum(adds_fund) AS fund, sum(adds_counted) AS counted
    FROM claims_settlement GROUP BY member_id, care, policy_year
    UNION ALL
    SELECT member_id, 'all', policy_year, 0, 0, sum(adds_overall), sum(adds_overall)
    FROM claims_settlement WHERE adds_overall <> 0 GROUP BY member_id, policy_year
) s ON s.member_id = y.member_id AND s.care = y.care AND s.policy_year = y.year
WHERE (y.eligible, y.deductible, y.fund, y.counted) IS DISTINCT FROM
      (coalesce(s.eligible, 0), coalesce(s.deductible, 0), coalesce(s.fund, 0),
       coalesce(s.counted, 0))
"""

CAPS = """
SELECT id AS settlement_id, limit_amount, counted_before, before AS of_earlier_ones
FROM (
    SELECT *, coalesce(sum(adds_counted) OVER earlier, 0) AS before
    FROM claims_settlement
    WINDOW earlier AS (PARTITION BY year_total_id ORDER BY id
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
) s
WHERE counted_before <> before
   OR limit_period = 'year' AND limit_before <> before
   OR adds_counted > 0 AND limit_amount < limit_before + adds_counted
   OR adds_overall > 0 AND overall_limit < overall_before + adds_overall
"""

REVERSALS = """
SELECT r.id AS reversal_id, o.id AS settlement_id
FROM claims_settlement r JOIN claims_settlement o ON o.id = r.reverses_id
WHERE o.reverses_id IS NOT NULL
   OR (r.visit_id, r.member_id, r.version_id, r.year_total_id)
      <> (o.visit_id, o.member_id, o.version_id, o.year_total_id)
   OR (r.total, r.eligible, r.deductible, r.fund, r.account, r.cash, r.adds_eligible,
       r.adds_deductible, r.adds_fund, r.adds_counted, r.adds_overall)
      <> (-o.total, -o.eligible, -o.deductible, -o.fund, -o.account, -o.cash, -o.adds_eligible,
          -o.adds_deductible, -o.adds_fund, -o.adds_counted, -o.adds_overall)
UNION ALL
SELECT min(id), reverses_id FROM claims_settlement
WHERE reverses_id IS NOT NULL GROUP BY reverses_id HAVING count(*) > 1
"""

POSTED = """
SELECT s.number, s.account, e.amount AS posted
FROM (
    SELECT number, member_id, account,
           CASE WHEN reverses_id IS NULL THEN 'settlement:' ELSE 'reversal:' END || number AS key
    FROM claims_settlement WHERE account <> 0
) s
FULL JOIN (
    SELECT e.key, e.amount, a.member_id
    FROM members_entry e JOIN members_account a ON a.id = e.account_id
    WHERE e.key LIKE 'settlement:S%' OR e.key LIKE 'reversal:S%'
) e ON e.key = s.key AND e.member_id = s.member_id
WHERE s.account IS DISTINCT FROM -e.amount
"""

UNDER_POLICY = """
SELECT s.id AS settlement_id, s.day, v.id AS version_id
FROM claims_settlement s
JOIN members_member m ON m.id = s.member_id
JOIN policies_policyversion v ON v.id = s.version_id
WHERE (v.area_id, v.scheme, v.subject, v.state)
      <> (s.area_id, m.scheme, 'benefit', 'published')
   OR s.day < v.in_force_from OR s.day >= v.in_force_until
"""

VERSIONS = """
SELECT a.id AS version_id, b.id AS other_id
FROM policies_policyversion a
JOIN policies_policyversion b ON a.id < b.id
    AND (a.area_id, a.scheme, a.subject, a.state) = (b.area_id, b.scheme, b.subject, 'published')
    AND daterange(a.in_force_from, a.in_force_until)
        && daterange(b.in_force_from, b.in_force_until)
"""

# What was learned after the settlement is no violation: the action log says when it was.
AGREED = """
SELECT s.id AS settlement_id, s.institution_id, s.day
FROM claims_settlement s
WHERE s.reverses_id IS NULL AND (s.fund > 0 OR s.account > 0) AND NOT EXISTS (
    SELECT 1 FROM facilities_agreement a
    WHERE a.institution_id = claims_billing_institution(s.institution_id)
      AND a.in_force_from <= s.day
      AND (a.in_force_until IS NULL OR a.in_force_until > s.day OR EXISTS (
            SELECT 1 FROM bureau_actionrecord r
            WHERE r.target_type = 'facilities.agreement' AND r.target_id = a.id::text
              AND r.at > s.made_at)))
"""

ALIVE = """
SELECT s.id AS settlement_id, s.day, p.died_on
FROM claims_settlement s
JOIN members_member m ON m.id = s.member_id
JOIN members_person p ON p.id = m.person_id
WHERE s.reverses_id IS NULL AND (s.fund > 0 OR s.account > 0) AND s.day > p.died_on
  AND NOT EXISTS (
    SELECT 1 FROM bureau_actionrecord r
    WHERE r.target_type = 'members.person' AND r.target_id = p.id::text AND r.at > s.made_at)
"""

AREA = """
SELECT 'visit' AS record, v.id AS record_id, v.area_id, m.area_id AS of_parent
FROM claims_visit v JOIN members_member m ON m.id = v.member_id WHERE v.area_id <> m.area_id
UNION ALL
SELECT 'prescription', p.id, p.area_id, m.area_id
FROM claims_prescription p JOIN members_member m ON m.id = p.member_id
WHERE p.area_id <> m.area_id
UNION ALL
SELECT 'settlement', s.id, s.area_id, v.area_id
FROM claims_settlement s JOIN claims_visit v ON v.id = s.visit_id
WHERE (s.area_id, s.member_id) <> (v.area_id, v.member_id)
UNION ALL
SELECT 'filling', v.id, v.area_id, p.area_id
FROM claims_visit v JOIN claims_prescription p ON p.id = v.prescription_id
WHERE v.member_id <> p.member_id
"""

GUARDS = """
SELECT guard.name
FROM (VALUES
    ('claims_settlement_is_allowed'), ('claims_settlement_moves_totals'),
    ('claims_settlement_is_complete'), ('claims_settlement_insert_only'),
    ('claims_entry_is_a_settlements'), ('claims_lines_are_settled_once'),
    ('claims_settledline_insert_only'), ('claims_billline_enters_unsettled'),
    ('claims_billline_stands'), ('claims_visit_insert_only'),
    ('claims_version_outlasts_its_settlements'), ('policies_policyversion_stands'),
    ('policies_ratiorow_of_drafts'), ('policies_caprow_of_drafts')
) AS guard (name)
LEFT JOIN pg_trigger t ON t.tgname = guard.name AND t.tgenabled IN ('O', 'A')
WHERE t.oid IS NULL
"""

INVARIANTS = {
    "claims_settlements_add_up": (ADDS_UP, _("The parts and the payers of a bill add up to it")),
    "claims_lines_add_up": (LINES, _("The lines of a settlement add up to it")),
    "claims_lines_are_settled_once": (LINE_TWICE, _("A bill line is settled once")),
    "claims_year_totals_are_settled": (
        YEAR_TOTALS,
        _("Totals of a year are the sum of its settlements and reversals"),
    ),
    "claims_caps_hold": (CAPS, _("No cap is passed at any moment")),
    "claims_reversals_mirror": (
        REVERSALS,
        _("A reversal mirrors its settlement exactly, once, and reverses no reversal"),
    ),
    "claims_account_parts_are_posted": (
        POSTED,
        _("What the account pays of a bill is posted to it exactly once"),
    ),
    "claims_settled_under_policy_in_force": (
        UNDER_POLICY,
        _("A bill is settled under the policy in force on its day"),
    ),
    "claims_versions_never_overlap": (VERSIONS, _("One policy version is in force on a day")),
    "claims_paid_under_agreement": (
        AGREED,
        _("Nothing is paid without an agreement in force, as known when it was settled"),
    ),
    "claims_paid_to_the_living": (
        ALIVE,
        _("Nothing is paid for a day after death, as known when it was settled"),
    ),
    "claims_areas_agree": (
        AREA,
        _("Visits, prescriptions and settlements are of the member's area"),
    ),
    "claims_guards_stand": (GUARDS, _("The triggers that guard settlements are in place")),
}


def register() -> None:
    """Make them known to `verify_ledger`."""
    for name, (sql, says) in INVARIANTS.items():
        invariants.register(name, sql.strip(), says)
