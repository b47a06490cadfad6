"""The ledger's door: what it posts, what it posts only once, what it refuses."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, close_old_connections, connections

from members import ledger
from members.models import Account, Entry
from tests import cast

DAY = date(2023, 3, 1)
MARCH = date(2023, 3, 1)
APRIL = date(2023, 4, 1)


def balance(account: Account) -> Decimal:
    account.refresh_from_db(fields=["balance"])
    return account.balance


def posting(account: Account, amount: str, key: str, **content) -> ledger.Posting:
    content = {"kind": "credit", "period": MARCH, "rule": "R1", **content}
    return ledger.Posting(
        account_id=account.pk,
        area_id=account.area_id,
        amount=Decimal(amount),
        key=key,
        made_on=DAY,
        **content,
    )


@pytest.mark.django_db
class TestOneAccount:
    def test_a_month_in_the_life_of_an_account(self):
        account = cast.account(balance="300.00")
        ledger.credit(account, Decimal("160.00"), key="credit:1", on=DAY, period=MARCH, rule="R1")
        assert balance(account) == Decimal("460.00")
        payment = ledger.pay(account, Decimal("59.90"), key="settlement:1", on=DAY)
        assert balance(account) == Decimal("400.10")
        ledger.refund(payment, key="reversal:1", on=DAY)
        assert balance(account) == Decimal("460.00")
        ledger.credit(
            account,
            Decimal("-4.00"),
            key="difference:1",
            on=DAY,
            kind=Entry.Kind.DIFFERENCE,
            period=MARCH,
            rule="R1",
            revision=1,
        )
        assert balance(account) == Decimal("456.00")

    def test_an_account_pays_its_last_fen(self):
        account = cast.account(balance="300.00")
        ledger.pay(account, Decimal("300.00"), key="settlement:1", on=DAY)
        assert balance(account) == 0

    def test_one_fen_more_is_refused(self):
        account = cast.account(balance="300.00")
        with pytest.raises(ledger.InsufficientBalanceError, match="300"):
            ledger.pay(account, Decimal("300.01"), key="settlement:1", on=DAY)
        assert balance(account) == Decimal("300.00")

    def test_a_negative_difference_stops_at_the_balance(self):
        account = cast.account(balance="3.00")
        with pytest.raises(ledger.InsufficientBalanceError):
            ledger.credit(
                account,
                Decimal("-3.01"),
                key="difference:1",
                on=DAY,
                kind=Entry.Kind.DIFFERENCE,
                period=MARCH,
                rule="R1",
            )

    @pytest.mark.parametrize("amount", ["0", "-1", "0.005", "NaN", "Infinity"])
    def test_an_amount_that_is_none_is_refused(self, amount):
        account = cast.account()
        with pytest.raises((ValueError, ArithmeticError)):
            ledger.pay(account, Decimal(amount), key="settlement:1", on=DAY)
        assert account.entries.count() == 1

    def test_a_closed_account_neither_pays_nor_takes_credits(self):
        account = cast.account()
        Account.objects.filter(pk=account.pk).update(closed_on=date(2030, 1, 1))
        with pytest.raises(ledger.ClosedAccountError):
            ledger.pay(account, Decimal(1), key="settlement:1", on=DAY)
        with pytest.raises(ledger.ClosedAccountError):
            ledger.credit(account, Decimal(1), key="c", on=DAY, period=MARCH, rule="R1")

    def test_a_closed_account_still_gets_a_payment_back(self):
        account = cast.account()
        payment = ledger.pay(account, Decimal(300), key="settlement:1", on=DAY)
        Account.objects.filter(pk=account.pk).update(closed_on=date(2030, 1, 1))
        ledger.refund(payment, key="reversal:1", on=DAY)
        assert balance(account) == Decimal(300)


@pytest.mark.django_db
class TestBusinessKeys:
    def test_a_payment_repeated_is_the_same_entry(self):
        account = cast.account()
        first = ledger.pay(account, Decimal(100), key="settlement:1", on=DAY)
        assert ledger.pay(account, Decimal(100), key="settlement:1", on=DAY) == first
        assert balance(account) == Decimal(200)

    def test_a_payment_repeated_after_the_money_is_gone_is_still_the_same(self):
        account = cast.account()
        first = ledger.pay(account, Decimal(300), key="settlement:1", on=DAY)
        assert ledger.pay(account, Decimal(300), key="settlement:1", on=DAY) == first

    def test_the_same_key_with_another_amount_is_refused(self):
        account = cast.account()
        ledger.pay(account, Decimal(100), key="settlement:1", on=DAY)
        with pytest.raises(ledger.KeyTakenError, match="settlement:1"):
            ledger.pay(account, Decimal(101), key="settlement:1", on=DAY)
        assert balance(account) == Decimal(200)

    def test_a_key_taken_in_one_account_is_free_in_another(self):
        for account in (cast.account(), cast.account()):
            ledger.pay(account, Decimal(100), key="settlement:1", on=DAY)
            assert balance(account) == Decimal(200)

    def test_a_month_is_credited_once_a_rule_whatever_the_key(self):
        account = cast.account()
        ledger.credit(account, Decimal(5), key="first", on=DAY, period=MARCH, rule="R1")
        with pytest.raises(ledger.KeyTakenError):
            ledger.credit(account, Decimal(5), key="second", on=DAY, period=MARCH, rule="R1")
        ledger.credit(account, Decimal(5), key="third", on=DAY, period=APRIL, rule="R1")
        ledger.credit(account, Decimal(5), key="fourth", on=DAY, period=MARCH, rule="R2")
        assert balance(account) == Decimal(315)

    def test_a_payment_is_given_back_once(self):
        account = cast.account()
        payment = ledger.pay(account, Decimal(100), key="settlement:1", on=DAY)
        once = ledger.refund(payment, key="reversal:1", on=DAY)
        assert ledger.refund(payment, key="reversal:1", on=DAY) == once
        with pytest.raises(ledger.KeyTakenError):
            ledger.refund(payment, key="reversal:2", on=DAY)
        assert balance(account) == Decimal(300)

    def test_only_payments_are_given_back(self):
        account = cast.account()
        with pytest.raises(ValueError, match="no payment"):
            ledger.refund(account.entries.get(), key="reversal:1", on=DAY)


@pytest.mark.django_db
class TestMany:
    def test_many_are_posted_and_counted_once(self):
        accounts = [cast.account(), cast.account()]
        rows = [posting(account, "8.00", "credit:R1:2023-03") for account in accounts]
        assert ledger.post_many(rows) == 2
        assert ledger.post_many(rows) == 0
        assert [balance(account) for account in accounts] == [Decimal(308), Decimal(308)]

    def test_what_is_new_is_posted_beside_what_stands(self):
        one, other = cast.account(), cast.account()
        ledger.post_many([posting(one, "8.00", "k")])
        assert ledger.post_many([posting(one, "8.00", "k"), posting(other, "9.00", "k")]) == 1

    def test_one_changed_amount_refuses_the_whole(self):
        one, other = cast.account(), cast.account()
        ledger.post_many([posting(one, "8.00", "k")])
        with pytest.raises(ledger.KeyTakenError):
            ledger.post_many([posting(one, "8.01", "k"), posting(other, "9.00", "k")])
        assert balance(other) == Decimal(300)

    def test_a_key_twice_in_one_call_must_say_the_same(self):
        account = cast.account()
        assert ledger.post_many([posting(account, "8.00", "k")] * 2) == 1
        with pytest.raises(ledger.KeyTakenError):
            ledger.post_many([posting(account, "1", "j", period=APRIL), posting(account, "2", "j")])

    def test_nothing_to_post_is_nothing(self):
        assert ledger.post_many([]) == 0

    def test_several_movements_of_one_account_move_it_by_their_sum(self):
        account = cast.account()
        rows = [posting(account, "8.00", f"k{n}", rule=f"R{n}") for n in range(5)]
        ledger.post_many(rows)
        assert balance(account) == Decimal(340)

    def test_an_overdraft_among_many_is_refused_by_the_database(self):
        account = cast.account()
        with pytest.raises(IntegrityError, match="account_balance_is_never_negative"):
            ledger.post_many([posting(account, "-301", "k", kind="pay_out", period=None)])

    def test_accounts_are_locked_by_id_whatever_the_order_asked_for(self):
        accounts = [cast.account() for _ in range(3)]
        locked = ledger.lock_many(account.pk for account in reversed(accounts))
        assert list(locked) == sorted(account.pk for account in accounts)


def at_once(*actions):
    """Run the actions in threads with connections of their own, all released together."""
    gate = threading.Barrier(len(actions))

    def run(action):
        close_old_connections()
        try:
            gate.wait(timeout=10)
            return action()
        except (ledger.LedgerError, IntegrityError) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_of_two_payments_that_the_balance_bears_once_one_is_made(self):
        account = cast.account(balance="300.00")
        outcomes = at_once(
            *(
                lambda n=n: ledger.pay(account, Decimal(200), key=f"settlement:{n}", on=DAY)
                for n in range(2)
            )
        )
        refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert [type(outcome) for outcome in refused] == [ledger.InsufficientBalanceError]
        assert balance(account) == Decimal(100)

    def test_eight_clerks_paying_the_same_settlement_make_one_payment(self):
        account = cast.account(balance="300.00")
        outcomes = at_once(
            *[lambda: ledger.pay(account, Decimal(50), key="settlement:1", on=DAY)] * 8
        )
        assert len({entry.pk for entry in outcomes}) == 1
        assert balance(account) == Decimal(250)

    def test_payments_and_credits_of_one_account_lose_nothing(self):
        account = cast.account(balance="300.00")

        def pays(n):
            return lambda: [
                ledger.pay(account, Decimal(1), key=f"settlement:{n}.{i}", on=DAY) for i in range(9)
            ]

        def takes_credits(n):
            return lambda: [
                ledger.credit(
                    account, Decimal(2), key=f"c{n}.{i}", on=DAY, period=MARCH, rule=f"{n}.{i}"
                )
                for i in range(9)
            ]

        at_once(pays(1), takes_credits(1), pays(2), takes_credits(2))
        assert balance(account) == Decimal(300 - 18 + 36)
        assert account.entries.count() == 1 + 36

    def test_postings_over_the_same_accounts_in_opposite_orders_do_not_deadlock(self):
        accounts = [cast.account() for _ in range(20)]

        def credit_all(rule, order):
            rows = [posting(account, "1.00", f"k{rule}", rule=rule) for account in order]
            return lambda: ledger.post_many(rows)

        outcomes = at_once(credit_all("A", accounts), credit_all("B", accounts[::-1]))
        assert outcomes == [20, 20]
        assert {balance(account) for account in accounts} == {Decimal(302)}

    def test_the_same_chunk_delivered_twice_at_once_is_posted_once(self):
        accounts = [cast.account() for _ in range(20)]
        rows = [posting(account, "1.00", "k") for account in accounts]
        assert sorted(at_once(*[lambda: ledger.post_many(rows)] * 2)) == [0, 20]
        assert {balance(account) for account in accounts} == {Decimal(301)}


@pytest.mark.django_db
def test_a_payment_takes_few_queries(django_assert_num_queries):
    account = cast.account()
    with django_assert_num_queries(4):  # savepoint, lock, insert, release
        ledger.pay(account, Decimal(1), key="settlement:1", on=DAY)
