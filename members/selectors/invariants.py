"""What must always hold of people and accounts, as queries for whoever breaks it.

Constraints and triggers refuse these already; `manage.py verify_ledger` looks again, over what
stands, so that a restored, repaired or tampered database shows.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bureau import invariants

BALANCE = """
SELECT a.id AS account_id, a.balance, coalesce(e.total, 0) AS entries
FROM members_account a
LEFT JOIN (SELECT account_id, sum(amount) AS total FROM members_entry GROUP BY account_id) e
    ON e.account_id = a.id
WHERE a.balance <> coalesce(e.total, 0)
"""

NEGATIVE = "SELECT id AS account_id, balance FROM members_account WHERE balance < 0"

GUARDS = """
SELECT guard.name
FROM (VALUES
    ('members_entry_moves_balance'), ('members_entry_insert_only'),
    ('members_account_opens_empty'), ('members_account_balance_is_posted'),
    ('members_account_no_delete'), ('members_yeartotal_opens_at_zero'),
    ('members_yeartotal_is_settled'), ('members_yeartotal_no_delete'),
    ('members_contribution_insert_only'), ('members_identitychange_insert_only')
) AS guard (name)
LEFT JOIN pg_trigger t ON t.tgname = guard.name AND t.tgenabled IN ('O', 'A')
WHERE t.oid IS NULL
"""

MONTH_TWICE = """
SELECT account_id, period, rule, revision, count(*) AS entries
FROM members_entry WHERE period IS NOT NULL
GROUP BY account_id, period, rule, revision HAVING count(*) > 1
"""

KEY_TWICE = """
SELECT account_id, key, count(*) AS entries
FROM members_entry GROUP BY account_id, key HAVING count(*) > 1
"""

REFUND = """
SELECT r.id AS refund_id, p.id AS payment_id, r.amount AS refunded, p.amount AS paid
FROM members_entry r LEFT JOIN members_entry p ON p.id = r.corrects_id
WHERE r.kind = 'refund'
  AND (p.kind, p.account_id, p.amount) IS DISTINCT FROM ('payment', r.account_id, -r.amount)
"""

AREA = """
SELECT 'account' AS record, c.id AS record_id, c.area_id, m.area_id AS of_parent
FROM members_account c JOIN members_member m ON m.id = c.member_id WHERE c.area_id <> m.area_id
UNION ALL
SELECT 'entry', c.id, c.area_id, a.area_id
FROM members_entry c JOIN members_account a ON a.id = c.account_id WHERE c.area_id <> a.area_id
UNION ALL
SELECT 'year total', c.id, c.area_id, m.area_id
FROM members_yeartotal c JOIN members_member m ON m.id = c.member_id WHERE c.area_id <> m.area_id
UNION ALL
SELECT 'contribution', c.id, c.area_id, m.area_id
FROM members_contribution c JOIN members_member m ON m.id = c.member_id
WHERE c.area_id <> m.area_id
UNION ALL
SELECT 'contract', c.id, c.area_id, m.area_id
FROM members_signedcontract c JOIN members_member m ON m.id = c.member_id
WHERE c.area_id <> m.area_id
UNION ALL
SELECT 'member', c.id, c.area_id, e.area_id
FROM members_member c JOIN members_employer e ON e.id = c.employer_id
WHERE c.area_id <> e.area_id
"""

NUMBER_TWICE = """
SELECT identity_index, count(*) AS people
FROM members_person GROUP BY identity_index HAVING count(*) > 1
"""

ENROLLED_TWICE = """
SELECT a.id AS member_id, b.id AS other_id
FROM members_member a
JOIN members_member b ON a.id < b.id
    AND (a.person_id, a.area_id, a.scheme) = (b.person_id, b.area_id, b.scheme)
    AND daterange(a.insured_from, a.insured_until) && daterange(b.insured_from, b.insured_until)
"""

SIGNED_TWICE = """
SELECT a.id AS contract_id, b.id AS other_id
FROM members_signedcontract a
JOIN members_signedcontract b ON a.id < b.id AND (a.member_id, a.slot) = (b.member_id, b.slot)
    AND daterange(a.signed_from, a.signed_until) && daterange(b.signed_from, b.signed_until)
"""


def register() -> None:
    """Make them known to `verify_ledger`."""
    for name, sql, says in (
        ("members_balance_is_its_entries", BALANCE, _("A balance is the sum of its entries")),
        ("members_balance_not_negative", NEGATIVE, _("No balance is below 0")),
        ("members_guards_are_on", GUARDS, _("The triggers that guard the ledger are on")),
        ("members_month_credited_once", MONTH_TWICE, _("A month is credited once a rule")),
        ("members_key_stands_once", KEY_TWICE, _("A business key stands once in an account")),
        ("members_refund_mirrors_payment", REFUND, _("A refund mirrors its payment")),
        ("members_area_is_the_parents", AREA, _("A child row's area is its parent's")),
        ("members_one_number_one_person", NUMBER_TWICE, _("One identity number, one person")),
        ("members_enrolled_once", ENROLLED_TWICE, _("Enrolments in a scheme never overlap")),
        ("members_signed_once", SIGNED_TWICE, _("Contracts of one order number never overlap")),
    ):
        invariants.register(name, sql.strip(), says)
